import type { Backend } from '@recurra/backend'
import type { Variable } from '@recurra/layers'
import { option, type Indices, type Tensor } from '@recurra/tensor'

/**
 * How the losses of rows or elements become one number. With 'none' each keeps its own gradient; the number is their
 * sum.
 */
export type Reduction = 'mean' | 'sum' | 'none'

/** How it is checked. */
export const reductionOption: option.Option<Reduction> = option.oneOf('mean', 'sum', 'none')('mean')

/** Which class numbers a loss takes. */
export interface Classes {
  /** From 0 to one less. */
  readonly size: number
  /** Taken as well: rows with this target do not count. */
  readonly ignore?: number | undefined
  /** The class that fills a list of labels up: nothing else may follow it. */
  readonly filler?: number
}

/** From 0 to 1. */
export const probabilities: readonly [least: number, most: number] = [0, 1]

/** A loss bound to the output of a model. Rows are those of y: `time * batch` of them, or `batch`. */
export interface LossFrame {
  /**
   * What is wanted: class numbers [rows], values in the shape of y, or labels [batch, labels]. Written before each run.
   */
  readonly target: Tensor | Indices
  /**
   * Whether the target is one list of labels for each sequence, whatever its steps; else it is one class or value per
   * row.
   */
  readonly perSequence?: boolean
  /** Present where targets are class numbers. */
  readonly classes?: Classes | undefined
  /** Between which numbers targets lie, where they are values of a certain kind. */
  readonly range?: readonly [least: number, most: number] | undefined
  /** What helps where the loss is infinite though the model is sound. */
  readonly remedy?: string
  /** Above 0 for rows that count, 0 for padding, where y and the target may hold anything: [rows]. */
  readonly mask: Tensor
  /** The loss of each row, of each element, or of each sequence; 0 where it does not count. */
  readonly each: Tensor
  /** The sum of all in `each`: []. */
  readonly sum: Tensor
  /**
   * What a mean divides the sum by, []: the number of elements or sequences that count, or the sum of the class weights
   * of their targets.
   */
  readonly count: Tensor
  /** What the sum and every gradient are multiplied by, []: in a mean 1 / count, or 0 where nothing counts; else 1. */
  readonly scale: Tensor
  /** What is read back, each []: first `sum`, `count` and `scale`, from which `value` makes the loss. */
  readonly scalars: readonly Tensor[]
  /** y, target, mask -> each, sum, count, scale */
  forward(): void
  /** The rest -> y.grad, 0 in padding. It does nothing where y has no gradient. */
  backward(): void
  /**
   * The reduced loss, the sum times the scale, from what was read of `scalars`, which comes first in `values`.
   * @throws `ValueError` if a class that counts does not exist.
   */
  value(values: Float64Array): number
  /**
   * All of it: forward, backward, and the value.
   * @throws `ValueError` if a class that counts does not exist.
   * @throws `ConfigurationError` on a backend that answers later: it reads `scalars`, and waits.
   */
  run(): number
}

/** What a model is judged by: plain options, and `plan` to bind it to the output of a model. */
export interface Loss {
  /** The kind of loss, e.g. `huber`. */
  readonly type: string
  /** How the losses of rows become one number. */
  readonly reduction: Reduction
  /**
   * All allocation happens here. Without a mask of [rows] every row counts. `targetSize` is how many numbers the target
   * of a sequence has, where that is known.
   * @throws `ShapeError` if the loss wants scores for every step, and the model gives one vector.
   * @throws `ConfigurationError` if an option does not fit the number of classes.
   */
  plan(backend: Backend, y: Variable, mask?: Tensor, targetSize?: number): LossFrame
}
