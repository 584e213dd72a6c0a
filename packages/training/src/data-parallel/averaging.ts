import { after, rangesOf, sideBySide, type Backend } from '@recurra/backend'
import { formula } from '@recurra/formula'
import { copy, inOrder } from '@recurra/layers/authoring'
import { asRows, type Tensor } from '@recurra/tensor'
import type { Communicator } from './communicator.ts'
import { tensorSumOf, type TensorSum } from './tensor-sum.ts'

const scaled = formula({ element: ['value'], scalar: ['factor'] }, ({ value, factor }) => ({ mean: value.mul(factor) }))

/**
 * Plans to replace lists of tensors, such as all parameters, by their means over all processes. The sum is made in
 * memory of its own, since a backend may keep parameters in other orders, too.
 */
export const averagingOf = (
  backend: Backend, lists: readonly (readonly Tensor[])[], communicator: Communicator,
): TensorSum => {
  const values = lists.flatMap((list) =>
    rangesOf(backend, list.map((value) => ({ value }))).map(({ operands }) => asRows(operands['value']!)))
  const means = sideBySide(backend, () => values.map(({ shape }) => backend.zeros(shape)))
  const factor = backend.zeros([])
  backend.write(factor, [1 / communicator.size])
  const toMeans = inOrder(values.map((value, i) => backend.formula(scaled, { mean: means[i]!, value, factor })))
  const toValues = inOrder(values.map((value, i) => copy(backend, means[i]!, value)))
  const sum = tensorSumOf(backend, means, communicator)
  return () => {
    toMeans(0)
    return after(sum(), () => toValues(0))
  }
}
