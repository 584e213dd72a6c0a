import type { Backend } from '@recurra/backend'
import {
  accumulate, differentiate, input, outputsOf, programOf, substitute, sumOverColumns, sumOverRows, tanh,
  type Expression, type Program,
} from '@recurra/formula'
import { at, transposed } from '@recurra/tensor'
import { zero } from '../kernels.ts'
import { inSequence, overSteps, passOf, type Pass } from '../pass.ts'
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

const batchOf = ({ scores }: Meeting): number[] => Array.from({ length: scores.value.shape[0]! }, (_, b) => b)

/** score = query · key: one small product for each sequence of the batch; gradients are overwritten. */
export const productScores = (backend: Backend, meeting: Meeting): Pass => {
  const { queries, keys, scores, training } = meeting
  return inSequence(
    ...batchOf(meeting).map((b): Pass => {
      const [query, key] = [stepsOf(queries.value, b), stepsOf(keys.value, b)]
      const forward = [backend.matmul({ out: at(scores.value, b), a: query, b: transposed(key) })]
      if (!training) return passOf(forward)
      const grad = at(scores.grad, b)
      return passOf(forward, [
        backend.matmul({ out: stepsOf(queries.grad, b), a: grad, b: key }),
        backend.matmul({ out: stepsOf(keys.grad, b), a: transposed(grad), b: query }),
      ])
    }),
  )
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
export const additiveScores = (backend: Backend, meeting: Meeting, scoreWeight: Variable): Pass => {
  const { queries, keys, scores, training } = meeting
  const ofSequence = (b: number): Pass => {
    const operands = {
      query: stepsOf(queries.value, b),
      key: stepsOf(keys.value, b),
      score: at(scores.value, b),
      scoreWeight: scoreWeight.value,
    }
    const forward = [backend.formula(additive, operands)]
    if (!training) return passOf(forward)
    const grads = {
      'd.query': stepsOf(queries.grad, b),
      'd.key': stepsOf(keys.grad, b),
      'd.score': at(scores.grad, b),
      'd.scoreWeight': scoreWeight.grad,
    }
    return passOf(forward, [backend.formula(gradients, { ...operands, ...grads })])
  }
  return inSequence(
    overSteps(queries.value.shape[0]!, inSequence(...batchOf(meeting).map(ofSequence))),
    passOf([], training ? [zero(backend, keys.grad)] : []),
  )
}
