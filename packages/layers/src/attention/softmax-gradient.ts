import type { Backend, Kernel } from '@recurra/backend'
import { formula, sumOverColumns, type Program } from '@recurra/formula'
import { reshape, sizeOf, type Tensor } from '@recurra/tensor'
import type { Variable } from '../variable.ts'

const pullOf = formula({ element: ['weight', 'grad'] }, ({ weight, grad }) => ({
  pull: sumOverColumns(weight.mul(grad)),
}))
const gradientOfScores = (scale: number): Program =>
  formula({ element: ['weight', 'grad'], row: ['pull'] }, ({ weight, grad, pull }) => ({
    grad: weight.mul(grad.sub(pull)).mul(scale),
  }))

/** The gradient of weights, softmax(scale · score) over the last axis, becomes that of the scores, in place. */
export const softmaxGradient = (backend: Backend, { value, grad }: Variable, scale: number): readonly Kernel[] => {
  const columns = value.shape.at(-1)!
  const rows = sizeOf(value.shape) / columns
  const flat = (x: Tensor): Tensor => reshape(x, [rows, columns])
  const operands = { weight: flat(value), grad: flat(grad), pull: backend.zeros([rows]) }
  return [backend.formula(pullOf, operands), backend.formula(gradientOfScores(scale), operands)]
}
