import type { Backend, Kernel } from '@recurra/backend'
import {
  accumulate, differentiate, input, outputsOf, programOf, substitute, sumOverColumns, sumOverRows, tanh,
  type Expression, type Program,
} from '@recurra/formula'
import { at, swapTimeAndBatch, transposed, type Tensor } from '@recurra/tensor'
import { zero } from '../kernels.ts'
import type { Variable } from '../variable.ts'
import { stepsOf } from './steps.ts'

/** What meets in a score, each in memory of its own. */
export interface Meeting {
  /** [time, batch, units] */
  readonly queries: Variable
  /** [source time, batch, units] */
  readonly keys: Variable
  /** [batch, time, source time] */
  readonly scores: Variable
  /** Whether there is a way back. */
  readonly training: boolean
}

/** Queries, keys -> scores, and on the way back their gradients (overwritten). */
export interface BoundScores {
  readonly ahead: readonly Kernel[]
  /** Empty at inference. */
  readonly back: readonly Kernel[]
}

/** score = query · key: one product for each sequence of the batch. */
export const productScores = (backend: Backend, { queries, keys, scores, training }: Meeting): BoundScores => {
  const [query, key] = [swapTimeAndBatch(queries.value), swapTimeAndBatch(keys.value)]
  const [dQuery, dKey] = [swapTimeAndBatch(queries.grad), swapTimeAndBatch(keys.grad)]
  return {
    ahead: [backend.batchedMatmul({ out: scores.value, a: query, b: transposed(key) })],
    back: !training ? [] : [
      backend.batchedMatmul({ out: dQuery, a: scores.grad, b: key }),
      backend.batchedMatmul({ out: dKey, a: transposed(scores.grad), b: query }),
    ],
  }
}

const term = tanh(input('query', 'unit').add(input('key'))).mul(input('scoreWeight', 'unit'))
const additive: Program = programOf(outputsOf({ score: sumOverColumns(term) }))
const gradients: Program = (() => {
  const { gradients } = differentiate({ term }, ['query', 'key', 'scoreWeight'], { save: false })
  const gradient = (name: string): Expression =>
    substitute(gradients[name]!, (e) => (e.op === 'input' && e.name === 'd.term' ? input('d.score', 'row') : undefined))
  return programOf(outputsOf({
    'd.query': sumOverRows(gradient('query')),
    'd.key': accumulate(gradient('key')),
    'd.scoreWeight': accumulate(sumOverRows(gradient('scoreWeight'))),
  }))
})()

/** score = Σ scoreWeight · tanh(query + key): a formula over all keys, once for each step of each sequence. */
export const additiveScores = (backend: Backend, meeting: Meeting, scoreWeight: Variable): BoundScores => {
  const { queries, keys, scores, training } = meeting
  const [steps, batch] = queries.value.shape as [number, number, number]
  const sequences = Array.from({ length: batch }, (_, b) => b)
  const atEachStep = (kernel: Kernel): Kernel => () => {
    for (let t = 0; t < steps; t++) kernel(t)
  }
  const operands = (b: number): { [name: string]: Tensor } => ({
    query: stepsOf(queries.value, b),
    key: stepsOf(keys.value, b),
    score: at(scores.value, b),
    scoreWeight: scoreWeight.value,
  })
  const gradientsOf = (b: number): { [name: string]: Tensor } => ({
    'd.query': stepsOf(queries.grad, b),
    'd.key': stepsOf(keys.grad, b),
    'd.score': at(scores.grad, b),
    'd.scoreWeight': scoreWeight.grad,
  })
  return {
    ahead: sequences.map((b) => atEachStep(backend.formula(additive, operands(b)))),
    back: !training ? [] : [
      zero(backend, keys.grad),
      ...sequences.map((b) => atEachStep(backend.formula(gradients, { ...operands(b), ...gradientsOf(b) }))),
    ],
  }
}
