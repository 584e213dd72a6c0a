import { ValueError, type AbortSignalLike, type Random } from '@recurra/tensor'
import type { Batch, Data } from '../data/batch.ts'
import { readerOf, type Reader } from '../data/reader.ts'

/** Where training is in its data. */
export interface Position {
  /** Epochs begun. */
  readonly epoch: number
  /** Batches read in the last of them; 0 between two epochs. */
  readonly batches: number
  /** Where the generator stood at the beginning of that epoch, or between two: it draws the order of the batches. */
  readonly order: readonly number[]
}

/** The batches of one epoch after the other. */
export interface Epochs {
  /** Epochs begun. */
  readonly begun: number
  /** Epochs of which all was read. */
  readonly whole: number
  /** Whether the last batch was the first of its epoch. */
  readonly first: boolean
  readonly position: Position
  /**
   * Opens the epoch of a position that lies within one, and passes over what was read.
   * @throws `CheckpointError` if the epoch has become shorter: `tooShort` makes it.
   */
  seek(tooShort: (position: Position, batches: number) => Error): Promise<void>
  /**
   * The next batch of this or of the next epoch; nothing once the signal has come.
   * @throws `ValueError` if an epoch has none.
   */
  next(): Promise<Batch | undefined>
  /**
   * Whether the batch before was the last of its epoch: draws the next, into memory that the one before may have had.
   */
  over(): Promise<boolean>
  /** The next batch of this epoch, if there is one, signal or not: a step that has begun is brought to its end. */
  nextInEpoch(): Promise<Batch | undefined>
  /** Lets the source go. */
  close(): Promise<void>
}

/**
 * Reads data epoch by epoch. A position can be gone back to: its epoch is drawn once more, and what was read is passed
 * over.
 */
export const epochsOf = (
  data: Data,
  random: Random,
  signal?: AbortSignalLike,
  from: Position = { epoch: 0, batches: 0, order: random.state },
): Epochs => {
  let { epoch, batches, order } = from
  let reader: Reader<Batch> | undefined
  random.state = order
  const begin = (): Reader<Batch> => {
    if (batches === 0) {
      epoch++
      order = [...random.state]
    }
    return readerOf(data.epoch(random), signal)
  }
  const end = async (): Promise<void> => {
    await reader?.close()
    reader = undefined
    batches = 0
  }
  return {
    get begun() {
      return epoch
    },
    get whole() {
      return batches === 0 ? epoch : epoch - 1
    },
    get first() {
      return batches === 1
    },
    get position() {
      return { epoch, batches, order: batches === 0 ? [...random.state] : order }
    },
    async seek(tooShort) {
      if (batches === 0) return
      reader = begin()
      for (let passed = 0; passed < batches && !signal?.aborted; passed++)
        if (!(await reader.next()) && !signal?.aborted) throw tooShort({ epoch, batches, order }, passed)
    },
    async next() {
      for (;;) {
        reader ??= begin()
        const batch = await reader.next()
        if (batch) {
          batches++
          return batch
        }
        if (signal?.aborted) return undefined
        if (batches === 0) throw nothingIn(epoch)
        await end()
      }
    },
    async over() {
      if (batches === 0) return true
      const over = await reader!.over()
      if (over) await end()
      return over
    },
    async nextInEpoch() {
      if (batches === 0) return undefined
      const batch = await reader?.next(true)
      if (batch) batches++
      else await end()
      return batch
    },
    close: async () => reader?.close(),
  }
}

const nothingIn = (epoch: number): ValueError =>
  new ValueError({
    where: 'data',
    expected: 'at least one batch',
    got: `epoch ${epoch} without any`,
    fix: 'Pass more data; a stream can be read once, so make a new one for each epoch.',
  })
