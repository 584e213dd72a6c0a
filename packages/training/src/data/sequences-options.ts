import type { InitialState } from '@recurra/layers'
import { option, type TensorLike } from '@recurra/tensor'

/** Options of `sequences`. */
export interface SequencesOptions {
  /**
   * One entry per sequence, of any number of steps: tokens [time] or features [time, features]; or one vector
   * [features].
   */
  readonly x: TensorLike
  /**
   * One entry per sequence: for each step (classes [time], values [time, features]), or for the whole (a class, values
   * [features]).
   */
  readonly target: TensorLike
  /**
   * Which steps are real, where sequences have gaps, one list of 0 and 1 per sequence, as Keras has it: at the others
   * layers keep their state, and the loss does not count them.
   */
  readonly mask?: TensorLike
  /** For a model with a source, one entry per sequence, of any number of steps: what the sequence is about. */
  readonly source?: TensorLike
  /**
   * The state that each sequence starts from, [sequences, …] for each slot, such as `0.h`. Slots have the paths of
   * their layers, as parameters have. Default: 0.
   */
  readonly initialState?: InitialState
  /** Sequences side by side. Default: 32, at most as many as there are. */
  readonly batch?: number
  /**
   * How many different lengths batches may have. Default: 1. With more, sequences of similar length stand
   * together, and less is padded; each length is planned for itself, which takes memory. Where there are sources, the
   * longer of a sequence and its source counts.
   */
  readonly buckets?: number
  /**
   * The most steps of a batch, those of all its sequences and the padding together: of long sequences there are fewer
   * side by side, down to one, so that one of them does not set the memory that all take (fairseq's max-tokens).
   * Default: no limit.
   */
  readonly maxSteps?: number
  /**
   * Whether every class is seen equally often, in every batch: of an epoch of as many sequences as there are, rare
   * classes are repeated and frequent ones left out in part. Targets must be one class per sequence.
   */
  readonly balanced?: boolean
}

const isLimit = (value: unknown): boolean =>
  value === Infinity || (Number.isSafeInteger(value) && (value as number) >= 1)

/** How each of them is checked. */
export const sequencesKinds: option.Kinds<
  SequencesOptions, 'x' | 'target' | 'batch' | 'buckets' | 'maxSteps' | 'balanced'
> = {
  x: option.required(option.unchecked<TensorLike>()()),
  target: option.required(option.unchecked<TensorLike>()()),
  mask: option.unchecked<TensorLike>()(),
  source: option.unchecked<TensorLike>()(),
  initialState: option.unchecked<InitialState>()(),
  batch: option.count(32),
  buckets: option.count(1),
  maxSteps: option.checked<number>('an integer of at least 1, or Infinity', isLimit)(Infinity),
  balanced: option.flag(false),
}
