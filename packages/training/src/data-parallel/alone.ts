import type { AbortSignalLike } from '@recurra/tensor'
import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { Data } from '../data/batch.ts'
import type { Reduction } from '../losses/loss.ts'
import type { OptimizerState } from '../optimizers/optimizer-state.ts'

/** The copies of a model that several processes train together, as `fit` sees them in one process; or the only one. */
export interface Replicas {
  /** What this process trains on. */
  readonly data: Data
  /** Aborted once all processes know that one of their signals is. */
  readonly signal: AbortSignalLike | undefined
  /** Whether each update is one of all processes. */
  readonly sharesUpdates: boolean
  /** Updates between two meetings. */
  readonly localSteps: number
  /** Whether this process saves and reports for all. */
  readonly isFirst: boolean
  /** Training begins, or goes on. */
  begin(optimizerState: OptimizerState): void
  /** A step begins: layers that draw random numbers draw others in each process, the same in every run. */
  beginStep(step: number): void
  /**
   * All processes meet: they agree on the time, which is that of rank 0, and on whether to stop; and where each made
   * updates of its own, their models become one.
   * @throws `ConfigurationError` if they have read different data.
   */
  meet(elapsed: number): number | Promise<number>
  /** The checkpoint of one process, as that of a single process that trains on all of the data. */
  toWhole(checkpoint: Checkpoint): Checkpoint | Promise<Checkpoint>
  /** What of such a checkpoint belongs to this process. */
  toPart(checkpoint: Checkpoint): Checkpoint
  /** Training is over. */
  end(): void
}

/** What one process of several evaluates, or the only one. */
export interface PartialEvaluation {
  readonly data: Data
  /** The loss over all data, from the sums over this part; metrics become those over all data, too. */
  lossOf(sum: number, count: number, reduction: Reduction): number | Promise<number>
}

/** A training without other processes. */
export const alone = (data: Data, signal: AbortSignalLike | undefined): Replicas => {
  const nothing = (): void => undefined
  return {
    data, signal, sharesUpdates: false, localSteps: 1, isFirst: true,
    begin: nothing, beginStep: nothing, end: nothing,
    meet: (elapsed) => elapsed, toWhole: (checkpoint) => checkpoint, toPart: (checkpoint) => checkpoint,
  }
}

/** An evaluation without other processes. */
export const wholeEvaluation = (data: Data): PartialEvaluation => ({ data, lossOf: (sum, count) => sum / count })
