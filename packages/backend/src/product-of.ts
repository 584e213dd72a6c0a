import type { Tensor } from '@recurra/tensor'

/** out = a · b, with out [n, m], a [n, k], b [k, m]; each may be a transposed view, `transposed(b)`. */
export interface ProductOf {
  /** [n, m], or [time, n, m] */
  readonly out: Tensor
  /** [n, k], or [time, n, k] */
  readonly a: Tensor
  /** [k, m], or [time, k, m] */
  readonly b: Tensor
  /** Adds to what `out` holds instead of overwriting it. */
  readonly accumulate?: boolean
  /** [m], added to every row */
  readonly bias?: Tensor
}

/**
 * out[g] = a[g] · b[g] for every group g: one small product per sequence of a batch, or per head. `transposed`
 * transposes the matrices of all groups.
 */
export interface BatchedProductOf {
  /** [groups, n, m], or [time, groups, n, m] */
  readonly out: Tensor
  /** [groups, n, k], or [time, groups, n, k] */
  readonly a: Tensor
  /** [groups, k, m], or [time, groups, k, m] */
  readonly b: Tensor
  /** Adds to what `out` holds instead of overwriting it. */
  readonly accumulate?: boolean
  /** [m], added to every row of every group; or [groups, m], to every row of its group. */
  readonly bias?: Tensor
}
