import type { Backend, Kernel } from '@recurra/backend'
import { at, transposed, type Tensor } from '@recurra/tensor'
import type { Variable } from '../variable.ts'
import { stepsOf } from './steps.ts'

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

/** context = Σ weight · value: what each step sees of its source, one small product for each sequence of the batch. */
export const contextsOf = (backend: Backend, { weights, values, contexts, training }: Sums): BoundSums => {
  const sequences = Array.from({ length: weights.value.shape[0]! }, (_, b) => b)
  return {
    ahead: sequences.map((b) =>
      backend.matmul({ out: stepsOf(contexts.value, b), a: at(weights.value, b), b: stepsOf(values.value, b) })),
    back: !training ? [] : sequences.flatMap((b) => {
      const grad = stepsOf(contexts.grad, b)
      return [
        backend.matmul({ out: at(weights.grad, b), a: grad, b: transposed(stepsOf(values.value, b)) }),
        ...(values.grad
          ? [
              backend.matmul({
                out: stepsOf(values.grad, b),
                a: transposed(at(weights.value, b)),
                b: grad,
                accumulate: true,
              }),
            ]
          : []),
      ]
    }),
  }
}
