import type { FitState } from '../fit/fit-state.ts'
import type { TrainerState } from '../trainer/trainer-state.ts'

/** All that a training needs to go on as if it had never stopped: plain data and numbers, copied. */
export interface Checkpoint {
  /** Parameters, the optimizer's memory, and all else that a step depends on. */
  readonly trainer: TrainerState
  /** Where `fit` stands in the data, and what it has been through; a training loop of your own has none. */
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
   * The last one that is whole; none if none was saved.
   * @throws `StorageError` if the place cannot be read.
   * @throws `FormatError` if there are some, but none is whole: to begin anew then is for people to decide.
   */
  latest(): Promise<Checkpoint | undefined>
}
