import type { Backend, Kernel } from '@recurra/backend'
import { swapTimeAndBatch, transposed, type Tensor } from '@recurra/tensor'
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

/** Weights, values -> contexts, and on the way back their gradients. */
export interface BoundSums {
  readonly ahead: readonly Kernel[]
  /** Empty at inference. */
  readonly back: readonly Kernel[]
}

/** context = Σ weight · value: what each step sees of its source, one product for each sequence of the batch. */
export const contextsOf = (backend: Backend, { weights, values, contexts, training }: Sums): BoundSums => {
  const [value, context] = [swapTimeAndBatch(values.value), swapTimeAndBatch(contexts.value)]
  const [grad, dContext] = [values.grad && swapTimeAndBatch(values.grad), swapTimeAndBatch(contexts.grad)]
  return {
    ahead: [backend.batchedMatmul({ out: context, a: weights.value, b: value })],
    back: !training ? [] : [
      backend.batchedMatmul({ out: weights.grad, a: dContext, b: transposed(value) }),
      ...(grad
        ? [backend.batchedMatmul({ out: grad, a: transposed(weights.value), b: dContext, accumulate: true })]
        : []),
    ],
  }
}
