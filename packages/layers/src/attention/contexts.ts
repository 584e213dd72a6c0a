import type { Backend } from '@recurra/backend'
import { swapTimeAndBatch, transposed, type Tensor } from '@recurra/tensor'
import { passOf, type Pass } from '../pass.ts'
import type { Variable } from '../variable.ts'

/** What is summed up, and what the sums are. */
export interface Sums {
  /** [batch, time, source time] */
  readonly weights: Variable
  /** [source time, batch, features]; the gradient is added to, if anybody asks for it. */
  readonly values: { readonly value: Tensor; readonly grad: Tensor | undefined }
  /** [time, batch, features] */
  readonly contexts: Variable
  /** Whether there is a way back. */
  readonly training: boolean
}

/** context = Σ weight · value: what each step sees of its source, one product for each sequence of the batch. */
export const contextsOf = (backend: Backend, { weights, values, contexts, training }: Sums): Pass => {
  const value = swapTimeAndBatch(values.value)
  const forward = [backend.batchedMatmul({ out: swapTimeAndBatch(contexts.value), a: weights.value, b: value })]
  if (!training) return passOf(forward)
  const dContext = swapTimeAndBatch(contexts.grad)
  const backward = [backend.batchedMatmul({ out: weights.grad, a: dContext, b: transposed(value) })]
  if (values.grad) {
    const [out, a] = [swapTimeAndBatch(values.grad), transposed(weights.value)]
    backward.push(backend.batchedMatmul({ out, a, b: dContext, accumulate: true }))
  }
  return passOf(forward, backward)
}
