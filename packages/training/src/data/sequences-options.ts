import type { InitialState } from '@recurra/layers'
import { option, type TensorLike } from '@recurra/tensor'

/** Options of `sequences`. */
export interface SequencesOptions {
  /**
   * One entry per sequence, with any number of steps: tokens [time] or features [time, features]; or one vector
   * [features].
   */
  readonly x: TensorLike
  /**
   * One entry per sequence: for each step (classes [time], values [time, features]), or for the whole (a class, values
   * [features]).
   */
  readonly target: TensorLike
  /**
   * A mask for sequences with gaps, one list per sequence: 1 for a real step, 0 for a masked one, as in Keras. At
   * masked steps, layers keep their state, and the loss does not count. Default: every step is real.
   */
  readonly mask?: TensorLike
  /** For a model with a source: the source of each sequence, with any number of steps. Default: no source. */
  readonly source?: TensorLike
  /**
   * The initial state of each sequence, [sequences, …] for each slot, such as `0.h`. Like parameters, slots are named
   * by the path of their layer. Default: 0.
   */
  readonly initialState?: InitialState
  /** Sequences per batch. Default: 32, or all if there are fewer. */
  readonly batch?: number
  /**
   * The number of different lengths of batches. Default: 1. More buckets group sequences of similar length, which
   * reduces padding, but each length is planned separately, which takes memory. With sources, the longer of a sequence
   * and its source counts.
   */
  readonly buckets?: number
  /**
   * The maximum number of steps of a batch, over all its sequences and including padding (fairseq's max-tokens).
   * Batches of long sequences then have fewer rows, down to one, so that a long sequence does not determine the memory
   * of all batches. Default: no limit.
   */
  readonly maxSteps?: number
  /**
   * Whether every batch has all classes equally often. An epoch has as many sequences as the data; rare classes are
   * repeated, and a part of the frequent ones is omitted. Targets must be one class per sequence. Default: false.
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
