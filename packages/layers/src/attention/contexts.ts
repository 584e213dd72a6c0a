import type { Backend } from '@recurra/backend'
import { at, transposed, type Tensor } from '@recurra/tensor'
import { inSequence, passOf, type Pass } from '../pass.ts'
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

/**
 * context = Σ weight · value: what each step sees of its source, one small product for each sequence of the batch.
 */
export const contextsOf = (backend: Backend, { weights, values, contexts, training }: Sums): Pass =>
  inSequence(
    ...Array.from({ length: weights.value.shape[0]! }, (_, b): Pass => {
      const value = stepsOf(values.value, b)
      const forward = [backend.matmul({ out: stepsOf(contexts.value, b), a: at(weights.value, b), b: value })]
      if (!training) return passOf(forward)
      const grad = stepsOf(contexts.grad, b)
      const backward = [backend.matmul({ out: at(weights.grad, b), a: grad, b: transposed(value) })]
      if (values.grad) {
        const a = transposed(at(weights.value, b))
        backward.push(backend.matmul({ out: stepsOf(values.grad, b), a, b: grad, accumulate: true }))
      }
      return passOf(forward, backward)
    }),
  )
