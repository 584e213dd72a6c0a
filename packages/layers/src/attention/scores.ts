import type { Backend } from '@recurra/backend'
import {
  accumulate, differentiate, input, outputsOf, programOf, substitute, sumOverColumns, sumOverRows, tanh,
  type Expression, type Program,
} from '@recurra/formula'
import { at, swapTimeAndBatch, transposed, type Tensor } from '@recurra/tensor'
import { batchedProduct, type BatchedOperand } from '../batched-product.ts'
import { zero } from '../kernels.ts'
import { inSequence, overSteps, passOf, type Pass } from '../pass.ts'
import type { Variable } from '../variable.ts'
import { stepsOf } from './steps.ts'

/** The operands of a score. */
export interface Meeting {
  /** [time, batch, units] */
  readonly queries: Variable
  /** [source time, batch, units] */
  readonly keys: Variable
  /** [batch, time, source time] */
  readonly scores: Variable
  /** Whether there is a backward pass. */
  readonly training: boolean
  /** Adds to the gradient of the keys instead of overwriting it, because others add to it too. Default: false. */
  readonly sharedKeys?: boolean
}

/** score = query · key: one product for each sequence of the batch; gradients are overwritten. */
export const productScores = (
  backend: Backend, { queries, keys, scores, training, sharedKeys: shared = false }: Meeting,
): Pass => {
  const view = (one: Variable, of: (values: Tensor) => Tensor): BatchedOperand =>
    ({ value: of(one.value), ...(training && { grad: of(one.grad) }) })
  return batchedProduct(backend, {
    a: view(queries, swapTimeAndBatch),
    b: { ...view(keys, (of) => transposed(swapTimeAndBatch(of))), shared },
    y: scores,
  }, training)
}

const term = tanh(input('query', 'column').add(input('key'))).mul(input('scoreWeight', 'column'))
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
  const [steps, batch] = queries.value.shape as [number, number, number]
  const atEachStep = inSequence(...Array.from({ length: batch }, (_, b) => ofSequence(b)))
  return inSequence(overSteps(steps, atEachStep), passOf([], training ? [zero(backend, keys.grad)] : []))
}
