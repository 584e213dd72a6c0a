import type { Backend, Kernel } from '@recurra/backend'
import {
  column, exp, formula, input, maxOverColumns, outputsOf, programOf, select, sumOverColumns, sumOverRows,
  type Expression, type Program,
} from '@recurra/formula'
import { reshape, sizeOf, type Tensor } from '@recurra/tensor'
import type { Lengths } from '../lengths.ts'
import { passOf, type Pass } from '../pass.ts'
import type { Variable } from '../variable.ts'

/** Softmax over the steps of the source, bound to its memory. */
export interface BoundSoftmax {
  /** Writes the length of the source of each row; runs once per source. */
  readonly once: readonly Kernel[]
  /**
   * Forward: scores -> weights, in place. Backward: the gradient of the weights -> the gradient of the scores, in
   * place.
   */
  readonly pass: Pass
}

const score = input('score')
const row = (name: string): Expression => input(name, 'row')

/** Three passes. Scores beyond the length of the source are ignored, and their weights are exactly 0. */
const passes = (scale: number, masked: boolean): Program[] => {
  const real = (e: Expression, padding: number): Expression =>
    masked ? select(row('length').sub(column), e, padding) : e
  const power = real(exp(score.sub(row('top')).mul(scale)), 0)
  return [
    programOf(outputsOf({ top: maxOverColumns(real(score, -Infinity)) })),
    programOf(outputsOf({ score: power, total: sumOverColumns(power) })),
    programOf(outputsOf({ score: score.div(row('total')) })),
  ]
}

const countSteps = formula({ element: ['mask'] }, ({ mask }) => ({ length: sumOverRows(mask) }))
const pullOf = formula({ element: ['weight', 'grad'] }, ({ weight, grad }) => ({
  pull: sumOverColumns(weight.mul(grad)),
}))
const backward = (scale: number): Program =>
  formula({ element: ['weight', 'grad'], row: ['pull'] }, ({ weight, grad, pull }) => ({
    grad: weight.mul(grad.sub(pull)).mul(scale),
  }))

/** softmax(scale · scores) over the last axis of [batch, time, source time]. */
export const softmax = (
  backend: Backend,
  { value, grad }: Variable,
  scale: number,
  lengths: Lengths | undefined,
  training: boolean,
): BoundSoftmax => {
  const [batch, steps, width] = value.shape as [number, number, number]
  const count = batch * steps
  const flat = (x: Tensor): Tensor => reshape(x, [count, width])
  const perRow = (): Tensor => backend.zeros([count])
  const operands = { score: flat(value), top: perRow(), total: perRow(), length: perRow() }
  const pull = perRow()
  return {
    once: lengths ? spread(backend, lengths, operands.length) : [],
    pass: passOf(
      passes(scale, lengths !== undefined).map((program) => backend.formula(program, operands)),
      training
        ? [
            backend.formula(pullOf, { weight: flat(value), grad: flat(grad), pull }),
            backend.formula(backward(scale), { weight: flat(value), grad: flat(grad), pull }),
          ]
        : [],
    ),
  }
}

/** The length of each source at each step of its sequence: [batch] -> [batch · time]. */
const spread = (backend: Backend, { mask }: Lengths, to: Tensor): Kernel[] => {
  const batch = mask.shape[1]!
  const count = sizeOf(to.shape)
  const [length, indices] = [backend.zeros([batch]), backend.indices([count], batch)]
  backend.write(indices, Array.from({ length: count }, (_, i) => Math.floor((i * batch) / count)))
  return [
    backend.formula(countSteps, { mask, length }),
    backend.gather({ out: reshape(to, [count, 1]), table: reshape(length, [batch, 1]), indices }),
  ]
}
