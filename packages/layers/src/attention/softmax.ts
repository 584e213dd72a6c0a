import type { Backend, Kernel } from '@recurra/backend'
import {
  column, exp, formula, input, maxOverColumns, outputsOf, programOf, select, sumOverColumns, sumOverRows,
  type Expression, type Program,
} from '@recurra/formula'
import { reshape, sizeOf, type Tensor } from '@recurra/tensor'
import type { Source } from '../frame.ts'
import type { Lengths } from '../lengths.ts'
import type { Tape } from '../tape.ts'
import type { Variable } from '../variable.ts'
import { softmaxGradient } from './softmax-gradient.ts'

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
/**
 * softmax(scale · scores) over the last axis of [batch, time, source time], in place; backward, the gradient of the
 * weights becomes that of the scores, in place.
 */
export const softmax = (tape: Tape, weights: Variable, scale: number, source: Source): void => {
  const { backend } = tape
  const { lengths } = source.callShape
  const [batch, steps, width] = weights.value.shape as [number, number, number]
  const count = batch * steps
  const flat = (x: Tensor): Tensor => reshape(x, [count, width])
  const perRow = (): Tensor => backend.zeros([count])
  const operands = { score: flat(weights.value), top: perRow(), total: perRow(), length: perRow() }
  tape.oncePer(source, () => tape.record({
    forward: lengths ? spread(backend, lengths, operands.length) : [],
    backward: () => [],
  }))
  tape.record({
    forward: passes(scale, lengths !== undefined).map((program) => backend.formula(program, operands)),
    backward: () => softmaxGradient(backend, weights, scale),
  })
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
