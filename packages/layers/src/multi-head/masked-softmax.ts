import { batchedFormula } from '@recurra/backend'
import {
  abs, column, exp, input, maxOverColumns, outputsOf, programOf, select, sumOverColumns, type Expression, type Program,
} from '@recurra/formula'
import type { Tensor } from '@recurra/tensor'
import { softmaxGradient } from '../attention/softmax-gradient.ts'
import type { Tape } from '../tape.ts'
import type { Variable } from '../variable.ts'

/** The keys that a query sees, and how it weighs them. */
export interface SoftmaxOptions {
  /** The factor of the scores. */
  readonly scale: number
  /** 1 for a real key, 0 for padding: [groups, keys]. Default: all are real. */
  readonly real?: Tensor | undefined
  /** The last key that the first query sees; each query sees one more. Default: all queries see all keys. */
  readonly last?: number | undefined
  /** How many keys up to its last one a query sees. Default: all. */
  readonly window?: number | undefined
  /** Subtracted from a score for each step between query and key, as in ALiBi. Default: 0. */
  readonly slope?: number
  /** The key at the step of the first query, from which `slope` counts. Default: 0. */
  readonly origin?: number
}

const score = input('score')
const row = (name: string): Expression => input(name, 'row')

/** Three passes over the scores of a group; a query without a key has no weights, and so gives 0. */
const softmaxPrograms = ({ scale, real, last, window, slope = 0, origin = 0 }: SoftmaxOptions): Program[] => {
  const until = row('query').add((last ?? 0) + 1)
  const inside = (e: Expression, others: number): Expression => {
    let seen = real ? select(input('real', 'column'), e, others) : e
    if (last !== undefined) seen = select(until.sub(column), seen, others)
    if (last !== undefined && window !== undefined)
      seen = select(column.sub(until).add(window + 1), seen, others)
    return seen
  }
  const distance = slope === 0 ? undefined : abs(row('query').add(origin).sub(column)).mul(slope)
  const scaled = distance ? score.mul(scale).sub(distance) : score.mul(scale)
  const power = inside(exp(scaled.sub(row('top'))), 0)
  return [
    programOf(outputsOf({ top: maxOverColumns(inside(scaled, -Infinity)) })),
    programOf(outputsOf({ score: power, total: sumOverColumns(power) })),
    programOf(outputsOf({ score: select(row('total'), score.div(row('total')), 0) })),
  ]
}

/**
 * softmax(scale · score) over the last axis of [groups, queries, keys], in place, over the keys that each query sees;
 * the weights of all others are exactly 0. Backward: the gradient of the weights becomes that of the scores, in place.
 */
export const maskedSoftmax = (tape: Tape, weights: Variable, options: SoftmaxOptions): void => {
  const { backend } = tape
  const { value } = weights
  const [groups, queries] = value.shape as [number, number, number]
  const perRow = (): Tensor => backend.zeros([groups, queries])
  const query = perRow()
  backend.write(query, Float64Array.from({ length: groups * queries }, (_, i) => i % queries))
  const operands = {
    score: value, top: perRow(), total: perRow(), query, ...(options.real && { real: options.real }),
  }
  tape.record({
    forward: softmaxPrograms(options).map((program) => batchedFormula(backend, program, operands)),
    backward: () => softmaxGradient(backend, weights, options.scale),
  })
}
