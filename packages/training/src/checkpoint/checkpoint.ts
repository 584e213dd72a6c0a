import type { NamedTensor } from '@recurra/tensor'
import type { FitState } from '../fit/fit-state.ts'
import type { Carried } from '../trainer/carried-state.ts'

/**
 * All that a training needs to resume bit-identically, copied: what `Trainer.save` returns, `Trainer.restore` takes and
 * a `CheckpointStore` keeps. `fit` adds its own progress, as `fit`.
 */
export interface Checkpoint {
  /** The kinds of layers that the model is made of, as text. */
  readonly model: string
  /** The kind of optimizer. */
  readonly optimizer: string
  /** Its constants and parameter groups, but no learning rates; checkpoints of earlier versions have none. */
  readonly settings?: Readonly<Record<string, string>>
  /** Updates made. */
  readonly steps: number
  /** The parameters, named by their paths. */
  readonly parameters: readonly NamedTensor[]
  /** The state of the optimizer, by slot and parameter: `m/0.weight`. */
  readonly optimizerState: readonly NamedTensor[]
  /** The state that the next batch continues from, where it is carried. */
  readonly carried: Carried
  /** The states of the generators that layers draw random numbers from: four integers each. */
  readonly generators: readonly (readonly number[])[]
  /** Where `fit` stands in the data, and what it has measured; missing in what a `Trainer` of your own saved. */
  readonly fit?: FitState | undefined
}

/**
 * A place where checkpoints are kept: `checkpointFolder` of `recurra/disk` and `checkpointDatabase` of
 * `recurra/browser` are two. A store of your own needs no more than this; `encodeCheckpoint` and `decodeCheckpoint`
 * give it bytes.
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
   * Keeps a checkpoint: all of it or, where that fails, the one before it.
   * @throws `StorageError` if it cannot be written.
   */
  save(checkpoint: Checkpoint): Promise<void>
  /**
   * The last one that is whole; `undefined` if none was saved.
   * @throws `StorageError` if the place cannot be read.
   * @throws `FormatError` if there are some, but all are damaged: whether to start over is for people to decide.
   */
  latest(): Promise<Checkpoint | undefined>
}
