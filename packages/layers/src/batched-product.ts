import type { Backend, Kernel } from '@recurra/backend'
import { transposed, type Tensor } from '@recurra/tensor'
import { passOf, type Pass } from './pass.ts'
import type { Variable } from './variable.ts'

/** What `batchedProduct` multiplies, [groups, rows, columns] each, or [time, groups, rows, columns]. */
export interface BatchedProductOperands {
  /** [groups, n, k] */
  readonly a: BatchedOperand
  /** [groups, k, m] */
  readonly b: BatchedOperand
  /** [groups, n, m] */
  readonly y: Variable
  /** y += a·b instead: it holds something already. Default: false. */
  readonly accumulate?: boolean
}

/** Values with their gradient, where there is one. */
export interface BatchedOperand {
  /** The matrices. */
  readonly value: Tensor
  /** Their gradient; left out where nobody asks for it. */
  readonly grad?: Tensor | undefined
  /** Adds to the gradient instead of overwriting it, as others do too. Default: false. */
  readonly shared?: boolean
}

/**
 * y = a·b, one product for each group (a head, a sequence of the batch), once or at every step; on the way back
 * da = dy·bᵀ and db = aᵀ·dy. A gradient without an axis for time is that of one step, or carried from step to step.
 */
export const batchedProduct = (
  backend: Backend,
  { a, b, y, accumulate = false }: BatchedProductOperands,
  training: boolean,
): Pass => {
  const forward = [backend.batchedMatmul({ out: y.value, a: a.value, b: b.value, accumulate })]
  if (!training) return passOf(forward)
  const gradient = ({ grad, shared = false }: BatchedOperand, left: Tensor, right: Tensor): Kernel[] =>
    grad ? [backend.batchedMatmul({ out: grad, a: left, b: right, accumulate: shared })] : []
  return passOf(forward, [...gradient(a, y.grad, transposed(b.value)), ...gradient(b, transposed(a.value), y.grad)])
}
