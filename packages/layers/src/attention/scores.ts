import type { Backend, Kernel } from '@recurra/backend'
import {
  accumulate, differentiate, input, outputsOf, programOf, substitute, sumOverColumns, sumOverRows, tanh,
  type Expression, type Program,
} from '@recurra/formula'
import { at, transposed, type Tensor } from '@recurra/tensor'
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

const batchOf = ({ scores }: Meeting): number[] => Array.from({ length: scores.value.shape[0]! }, (_, b) => b)

/** score = query · key: one small product for each sequence of the batch. */
export const productScores = (backend: Backend, meeting: Meeting): BoundScores => {
  const { queries, keys, scores, training } = meeting
  const sequences = batchOf(meeting)
  return {
    ahead: sequences.map((b) =>
      backend.matmul({ out: at(scores.value, b), a: stepsOf(queries.value, b), b: transposed(stepsOf(keys.value, b)) }),
    ),
    back: !training
      ? []
      : sequences.flatMap((b) => [
          backend.matmul({ out: stepsOf(queries.grad, b), a: at(scores.grad, b), b: stepsOf(keys.value, b) }),
          backend.matmul({
            out: stepsOf(keys.grad, b),
            a: transposed(at(scores.grad, b)),
            b: stepsOf(queries.value, b),
          }),
        ]),
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
  const steps = queries.value.shape[0]!
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
    ahead: batchOf(meeting).map((b) => atEachStep(backend.formula(additive, operands(b)))),
    back: !training ? [] : [
      zero(backend, keys.grad),
      ...batchOf(meeting).map((b) => atEachStep(backend.formula(gradients, { ...operands(b), ...gradientsOf(b) }))),
    ],
  }
}
