import type { Backend } from '@recurra/backend'
import type { Variable } from '@recurra/layers'
import { option, type Indices, type Tensor } from '@recurra/tensor'
import type { ReadValues } from '../read-by-name.ts'

/**
 * How the losses of rows or elements are reduced to one number. 'none' does not scale the gradients; the number is the
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

/**
 * The losses of rows, to be summed up. Those of a sequence that was cut into segments have the same sum: it begins when
 * all of them are there.
 */
export interface RowLosses {
  /** The loss of each row, 0 where it does not count: [rows]. */
  readonly losses: Tensor
  /** What a mean divides by, for each row: [rows]. */
  readonly counts: Tensor
  /** Where a mean is over sequences, of which any row counts: how many there are. */
  readonly sequences?: number | undefined
}

/** The scalars from which the loss is computed, once they were read back. */
export interface LossScalars {
  /** The sum of all in `each`: []. */
  readonly sum: Tensor
  /**
   * The divisor of a mean, []: the number of elements or sequences that count, or the sum of the class weights of their
   * targets.
   */
  readonly count: Tensor
  /** The factor of the sum and of every gradient, []: for a mean 1 / count, or 0 if nothing counts; otherwise 1. */
  readonly scale: Tensor
}

/** A loss bound to the output of a model. Rows are those of y: `time * batch` of them, or `batch`. */
export interface LossFrame extends LossScalars {
  /**
   * The target: class indices [rows], values in the shape of y, or labels [batch, labels]. Write it before each run.
   */
  readonly target: Tensor | Indices
  /** Whether the target is one list of labels per sequence; otherwise it is one class or value per row. */
  readonly perSequence?: boolean
  /** The valid classes, if targets are class indices. */
  readonly classes?: Classes | undefined
  /** The range of valid targets, if they are limited. */
  readonly range?: readonly [least: number, most: number] | undefined
  /** The fix to suggest if the loss is infinite although the model is correct. */
  readonly remedy?: string
  /** Above 0 for rows that count, 0 for padding, where y and the target may hold anything: [rows]. */
  readonly mask: Tensor
  /** The loss of each row, of each element, or of each sequence; 0 where it does not count. */
  readonly each: Tensor
  /** The losses of rows that are summed up, and what a mean divides by. Default: `forward` sums up in another way. */
  readonly rows?: RowLosses
  /** y, target, mask -> each, sum, count, scale */
  forward(): void
  /** Computes y.grad, 0 in padding. Does nothing if y has no gradient. */
  backward(): void
  /** The reduced loss, sum · scale, from the values of its scalars. */
  value(values: ReadValues<LossScalars>): number
}

/** A loss: plain options, and `plan`, which binds it to the output of a model. */
export interface Loss {
  /** The kind of loss, e.g. `huber`. */
  readonly type: string
  /** How the losses of rows are reduced to one number. */
  readonly reduction: Reduction
  /** Whether its frames have `rows`: then long sequences are evaluated in segments. Default: false. */
  readonly byRow?: boolean
  /**
   * Plans the loss and allocates all its memory. Without a mask of [rows] every row counts. `targetSize` is the size of
   * the target of a sequence, if known. The frame takes targets as they are, since a trainer has checked them; to run a
   * loss by itself, call `planLoss`.
   * @throws `ShapeError` if the loss needs scores for every step, and the output of the model is one vector.
   * @throws `ConfigurationError` if an option does not fit the number of classes.
   * @throws `ValueError` if a weight is too large for the number type.
   */
  plan(backend: Backend, y: Variable, mask?: Tensor, targetSize?: number): LossFrame
}
