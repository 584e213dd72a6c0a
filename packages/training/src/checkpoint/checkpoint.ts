import type { NamedTensor } from '@recurra/tensor'
import type { DataLayout } from '../data/batch.ts'
import type { Position } from '../fit/epochs.ts'
import type { MeterState } from '../fit/meter.ts'
import type { Measurement } from '../fit/progress.ts'
import type { Metrics } from '../metrics/metric.ts'
import type { Carried } from '../trainer/carried-state.ts'

/**
 * A copy of everything that a training run needs to resume bit-identically: `Trainer.save` returns it,
 * `Trainer.restore` takes it, and a `CheckpointStore` stores it. `fit` adds its own progress in the field `fit`.
 */
export interface Checkpoint {
  /** The kinds of layers in the model, as text. */
  readonly model: string
  /** The kind of optimizer. */
  readonly optimizer: string
  /**
   * The constants and parameter groups of the optimizer, without learning rates. Missing in checkpoints of earlier
   * versions.
   */
  readonly settings?: Readonly<Record<string, string>>
  /** The number of updates. */
  readonly steps: number
  /** The parameters, named by their paths. */
  readonly parameters: readonly NamedTensor[]
  /** The state of the optimizer, by slot and parameter: `m/0.weight`. */
  readonly optimizerState: readonly NamedTensor[]
  /** The carried state, from which the next batch continues. */
  readonly carried: Carried
  /** The states of the generators that layers draw random numbers from: four integers each. */
  readonly generators: readonly (readonly number[])[]
  /** The position of `fit` in the data, and its measurements. Missing if your own loop saved the checkpoint. */
  readonly fit?: FitState | undefined
}

/** Where `fit` stands, and what it has been through. */
export interface FitState {
  /** How the data is cut into batches. */
  readonly data: DataLayout
  /** Where training is in it. */
  readonly position: Position
  /** Losses and times so far. */
  readonly meter: MeterState
  /** What was measured on the validation data. */
  readonly validation: readonly Measurement<Metrics>[]
  /** What early stopping has seen, where it looks. */
  readonly stopping?: StoppingState | undefined
}

/** What early stopping has seen. */
export interface StoppingState {
  /** Measurements since the best. */
  readonly waited: number
  /** The best, if there is any. */
  readonly best?: Best | undefined
}

/** The best measurement. */
export interface Best {
  /** What was measured. */
  readonly measured: Measurement<Metrics>
  /** What was to become small. */
  readonly score: number
  /** The parameters at that time, named by their paths. */
  readonly parameters: readonly NamedTensor[]
}

/**
 * Stores checkpoints, as `checkpointFolder` of `recurra/disk` and `checkpointDatabase` of `recurra/browser` do. A store
 * of your own needs only these two functions; `encodeCheckpoint` and `decodeCheckpoint` convert checkpoints to bytes
 * and back.
 *
 * ```ts
 * import { decodeCheckpoint, encodeCheckpoint, type CheckpointStore } from 'recurra'
 *
 * let bytes: Uint8Array | undefined
 * const inMemory: CheckpointStore = {
 *   save: async (checkpoint) => void (bytes = encodeCheckpoint(checkpoint)),
 *   latest: async () => bytes && decodeCheckpoint(bytes),
 * }
 * console.log(await inMemory.latest()) // undefined
 * ```
 */
export interface CheckpointStore {
  /**
   * Stores a checkpoint. If that fails, the previous one must survive.
   * @throws `StorageError` if it cannot be written.
   */
  save(checkpoint: Checkpoint): Promise<void>
  /**
   * The latest intact checkpoint; `undefined` if none was saved.
   * @throws `StorageError` if the place cannot be read.
   * @throws `FormatError` if there are checkpoints, but all are damaged: the user decides whether to start over.
   */
  latest(): Promise<Checkpoint | undefined>
}
