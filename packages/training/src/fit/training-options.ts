import { option, type AbortSignalLike, type Checked } from '@recurra/tensor'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { Data } from '../data/batch.ts'
import type { DataParallel } from '../data-parallel/data-parallel.ts'
import type { Loss } from '../losses/loss.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { Optimizer } from '../optimizers/optimizer.ts'
import {
  dataParallel as dataParallelKind, loss as lossKind, optimizer as optimizerKind, recompute as recomputeKind,
} from '../part-options.ts'
import type { Clip } from '../trainer/clip.ts'
import type { Recompute } from '../trainer/segments/segment-steps.ts'
import type { Checkpoints } from './checkpointing.ts'
import type { ValidationOptions } from './validation.ts'

/** The limits of a training run; it ends at the first one that it reaches. Default: one epoch. */
export interface Limits {
  /** Maximum number of epochs. Default: no limit; 1 where no other limit is given. */
  readonly epochs?: number | undefined
  /** Maximum number of parameter updates. Default: no limit. */
  readonly steps?: number | undefined
  /** Maximum time in seconds, including validation. Default: no limit. */
  readonly seconds?: number | undefined
}

/** Options of `training`, and of `fit`. */
export interface TrainingOptions<M extends Metrics = {}> extends Limits, ValidationOptions<M> {
  /** The loss to minimize. */
  readonly loss: Loss
  /** The optimizer, which has the learning rate or its schedule. Default: `adam()`. */
  readonly optimizer?: Optimizer
  /** Gradient clipping; `{ norm: 5 }` is common for recurrent networks. Default: no clipping. */
  readonly clip?: Clip
  /**
   * Data-parallel training in several processes: `{ ...dataParallel() }` of `recurra/mpi`. All begin with the same
   * parameters and pass the same options. Rank 0 saves checkpoints, and its time counts. Default: a single process.
   */
  readonly dataParallel?: DataParallel
  /**
   * The number of batches per update (gradient accumulation): the update equals that of one large batch, in the memory
   * of a small one. The last update of an epoch may use fewer batches. Default: 1.
   */
  readonly accumulate?: number
  /**
   * Trains on long sequences in little memory (gradient checkpointing through time): states are kept at intervals of
   * this many steps, or of about √steps with 'auto', and what lies between is computed again in the backward pass. The
   * losses and the parameters have the same bits; an update takes about a third more time. The number is rounded up to
   * a multiple of 16 steps, or of fewer where a batch has several sequences. Layers that need the whole sequence, such
   * as `bidirectional`, are refused. Default: everything is kept.
   */
  readonly recompute?: Recompute | undefined
  /** The seed of the order of the batches. Default: 1. */
  readonly seed?: number
  /** Ends the training after the current step. Default: no signal. */
  readonly signal?: AbortSignalLike
  /** Whether to measure the time of the parts of a step; this has a small overhead. Default: false. */
  readonly profile?: boolean
  /** Where to store checkpoints, and how often to save one. Default: none are kept. */
  readonly checkpoints?: Checkpoints
  /**
   * A checkpoint to resume from, such as `await store.latest()`. With the same model, data and options, the result is
   * bit-identical to a run that never stopped. Limits and time count from the first step. Default: training starts from
   * the beginning.
   */
  readonly resume?: Checkpoint | undefined
}

type Kinds = option.Kinds<TrainingOptions, 'loss' | 'accumulate' | 'seed' | 'profile'>

/** The options, checked. */
export type CheckedTraining = Checked<Kinds>

/** How each of them is checked; what the parts of a training check by themselves is left to them. */
export const trainingKinds: Kinds = {
  loss: lossKind,
  optimizer: optimizerKind,
  clip: option.unchecked<Clip>()(),
  dataParallel: dataParallelKind,
  accumulate: option.count(1),
  recompute: recomputeKind,
  seed: option.seed(1),
  signal: option.signal(),
  profile: option.flag(false),
  checkpoints: option.unchecked<Checkpoints>()(),
  resume: option.unchecked<Checkpoint>()(),
  epochs: option.count(),
  steps: option.count(),
  seconds: option.positive(),
  validation: option.unchecked<Data>()(),
  metrics: option.unchecked<Metrics>()(),
  earlyStopping: option.unchecked<ValidationOptions['earlyStopping']>()(),
}

/**
 * A function that tells the fraction of the training that is over, from 0 to 1, after a number of steps, seconds and
 * whole epochs.
 */
export const doneBy = (
  { epochs, steps, seconds }: Limits,
  batches: number,
): ((step: number, elapsed: number, epochs: number) => number) => {
  const passes = epochs ?? ((steps ?? seconds) === undefined ? 1 : Infinity)
  const most = Math.min(passes * batches, steps ?? Infinity)
  const time = seconds ?? Infinity
  return (step, elapsed, over) => Math.min(1, Math.max(step / most, elapsed / time, over / passes))
}
