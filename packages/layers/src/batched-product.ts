import type { Backend, Kernel } from '@recurra/backend'
import { transposed, type Tensor } from '@recurra/tensor'
import { passOf, type Pass } from './pass.ts'
import type { Variable } from './variable.ts'

/** The operands of `batchedProduct`, each [groups, rows, columns] or [time, groups, rows, columns]. */
export interface BatchedProductOperands {
  /** [groups, n, k] */
  readonly a: BatchedOperand
  /** [groups, k, m] */
  readonly b: BatchedOperand
  /** [groups, n, m] */
  readonly y: Variable
  /** Adds to y: y += a·b. Default: false. */
  readonly accumulate?: boolean
}

/** Values with their gradient, where there is one. */
export interface BatchedOperand {
  /** The matrices. */
  readonly value: Tensor
  /** Their gradient. Omit it if it is not needed. */
  readonly grad?: Tensor | undefined
  /** Adds to the gradient instead of overwriting it, because other passes add to it too. Default: false. */
  readonly shared?: boolean
}

/**
 * y = a·b, one product per group (a head, a sequence of the batch), once or at every step; a or b may be a transposed
 * view. Backward: da = dy·bᵀ and db = aᵀ·dy. A gradient without a time axis belongs to one step, or is carried from
 * step to step.
 */
export const batchedProduct = (
  backend: Backend,
  { a, b, y, accumulate = false }: BatchedProductOperands,
  training: boolean,
): Pass => {
  const forward = [backend.batchedMatmul({ out: y.value, a: a.value, b: b.value, accumulate })]
  if (!training) return passOf(forward)
  const gradient = ({ grad, shared: accumulate = false }: BatchedOperand, left: Tensor, right: Tensor): Kernel[] => {
    if (!grad) return []
    const byRow = grad.stride.at(-1) === 1 || grad.shape.at(-1) === 1 // else it is a transposed view
    return [backend.batchedMatmul(byRow
      ? { out: grad, a: left, b: right, accumulate }
      : { out: transposed(grad), a: transposed(right), b: transposed(left), accumulate })]
  }
  return passOf(forward, [...gradient(a, y.grad, transposed(b.value)), ...gradient(b, transposed(a.value), y.grad)])
}
