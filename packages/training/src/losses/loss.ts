import type { Backend } from '@recurra/backend'
import type { Indices, Tensor } from '@recurra/tensor'
import type { Variable } from '@recurra/layers'

/** How the losses of single rows or elements become one number. With 'none' each keeps its own gradient; `value` is their sum. */
export type Reduction = 'mean' | 'sum' | 'none'

/** A loss bound to the memory of what it judges. */
export interface LossFrame {
  /** What is wanted: class numbers [rows], or values in the shape of y. Written before each run. */
  readonly target: Tensor | Indices
  /** 1 for rows that count, 0 for padding: [rows]. All 1 at first. */
  readonly mask: Tensor
  /** The loss of each row, or of each element; 0 where it does not count. */
  readonly each: Tensor
  /** -> y.grad, each; answers with the reduced loss. */
  run(): number
}

export interface Loss {
  readonly type: string
  plan(backend: Backend, y: Variable): LossFrame
}
