import { ValueError, type AbortSignalLike, type Random } from '@recurra/tensor'
import { CheckpointError } from '../checkpoint/checkpoint-error.ts'
import type { Batch, Data } from '../data/batch.ts'
import { Reader } from './reader.ts'

/** Where training is in its data. */
export interface Position {
  /** Epochs begun. */
  readonly epoch: number
  /** Batches read in the last of them; 0 between two epochs. */
  readonly batches: number
  /** Where the generator stood at the beginning of that epoch, or between two: it draws the order of the batches. */
  readonly order: readonly number[]
}

/**
 * The batches of one epoch after the other. A position can be gone back to: its epoch is drawn once more, and what was
 * read is passed over.
 */
export class Epochs {
  readonly #data: Data
  readonly #random: Random
  readonly #signal: AbortSignalLike | undefined
  #reader: Reader<Batch> | undefined
  #epoch: number
  #batches: number
  #order: readonly number[]

  constructor(
    data: Data,
    random: Random,
    signal?: AbortSignalLike,
    from: Position = { epoch: 0, batches: 0, order: random.state },
  ) {
    this.#data = data
    this.#random = random
    this.#signal = signal
    this.#epoch = from.epoch
    this.#batches = from.batches
    this.#order = from.order
    random.state = from.order
  }

  /** Epochs begun. */
  get begun(): number {
    return this.#epoch
  }

  /** Epochs of which all was read. */
  get whole(): number {
    return this.#batches === 0 ? this.#epoch : this.#epoch - 1
  }

  /** Whether the last batch was the first of its epoch. */
  get first(): boolean {
    return this.#batches === 1
  }

  get position(): Position {
    const { state } = this.#random
    return { epoch: this.#epoch, batches: this.#batches, order: this.#batches === 0 ? [...state] : this.#order }
  }

  /**
   * Opens the epoch of a position that lies within one, and passes over what was read.
   * @throws `CheckpointError` if it has become shorter.
   */
  async seek(): Promise<void> {
    if (this.#batches > 0) this.#reader ??= await this.#begin()
  }

  /**
   * The next batch of this or of the next epoch; nothing once the signal has come.
   * @throws `ValueError` if an epoch has none.
   */
  async next(): Promise<Batch | undefined> {
    for (;;) {
      this.#reader ??= await this.#begin()
      const batch = await this.#reader.next()
      if (batch) {
        this.#batches++
        return batch
      }
      if (this.#signal?.aborted) return undefined
      if (this.#batches === 0) throw nothingIn(this.#epoch)
      await this.#end()
    }
  }

  /**
   * Whether the batch before was the last of its epoch: draws the next, into memory that the one before may have had.
   */
  async over(): Promise<boolean> {
    if (this.#batches === 0) return true
    const over = await this.#reader!.over()
    if (over) await this.#end()
    return over
  }

  /** The next batch of this epoch, if there is one, signal or not: a step that has begun is brought to its end. */
  async nextInEpoch(): Promise<Batch | undefined> {
    if (this.#batches === 0) return undefined
    const batch = await this.#reader?.next(true)
    if (batch) this.#batches++
    else await this.#end()
    return batch
  }

  /** Lets the source go. */
  async close(): Promise<void> {
    await this.#reader?.close()
  }

  async #begin(): Promise<Reader<Batch>> {
    if (this.#batches === 0) {
      this.#epoch++
      this.#order = [...this.#random.state]
    }
    const reader = new Reader(this.#data.epoch(this.#random), this.#signal)
    for (let passed = 0; passed < this.#batches && !this.#signal?.aborted; passed++)
      if (!(await reader.next()) && !this.#signal?.aborted) {
        await reader.close()
        throw tooFew(this.#epoch, this.#batches, passed)
      }
    return reader
  }

  async #end(): Promise<void> {
    await this.#reader?.close()
    this.#reader = undefined
    this.#batches = 0
  }
}

const nothingIn = (epoch: number): ValueError =>
  new ValueError({
    where: 'data',
    expected: 'at least one batch',
    got: `epoch ${epoch} without any`,
    fix: 'Pass more data; a stream can be read once, so make a new one for each epoch.',
  })

const tooFew = (epoch: number, read: number, there: number): CheckpointError =>
  new CheckpointError({
    where: 'checkpoint',
    expected: `data with at least ${read} batches in epoch ${epoch}, which were read when it was saved`,
    got: String(there),
    fix: 'Pass the data that the training began with.',
  })
