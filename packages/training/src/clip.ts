import type { Backend } from '@recurra/backend'
import { accumulate, formula, max, min, square, sumOverAll } from '@recurra/formula'
import { leaves, zero, type Params } from '@recurra/layers'
import { asRows } from '@recurra/tensor'

const toRange = formula({ each: ['grad'], scalar: ['limit'] }, ({ grad, limit }) => ({ grad: max(limit.neg(), min(limit, grad)) }))
const addSquares = formula({ each: ['grad'] }, ({ grad }) => ({ sum: accumulate(sumOverAll(square(grad))) }))
const scale = formula({ each: ['grad'], scalar: ['factor'] }, ({ grad, factor }) => ({ grad: grad.mul(factor) }))

/** How gradients are kept small: each number within ±value, or all together within a length. */
export type Clip = { readonly value: number } | { readonly norm: number }

/** Binds clipping to parameters: a function to call after each backward pass. */
export const clipFor = (backend: Backend, params: Params, clip: Clip): (() => void) => {
  const grads = leaves(params).map(([, { grad }]) => asRows(grad))
  const [limit, sum, factor] = [backend.zeros([]), backend.zeros([]), backend.zeros([])]
  if ('value' in clip) {
    backend.write(limit, [clip.value])
    const kernels = grads.map((grad) => backend.formula(toRange, { grad, limit }))
    return () => kernels.forEach((kernel) => kernel(0))
  }
  const [start, measure, shrink] = [zero(backend, asRows(sum)), grads.map((grad) => backend.formula(addSquares, { grad, sum })), grads.map((grad) => backend.formula(scale, { grad, factor }))]
  return () => {
    start(0)
    measure.forEach((kernel) => kernel(0))
    factor.data[0] = Math.min(1, clip.norm / (Math.sqrt(sum.data[0]!) + 1e-6)) // PyTorch's 1e-6
    if (factor.data[0] < 1) shrink.forEach((kernel) => kernel(0))
  }
}
