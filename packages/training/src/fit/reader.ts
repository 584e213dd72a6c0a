import type { AbortSignalLike } from '@recurra/tensor'
import { ItemSource, unlessAborted } from '../data/item-source.ts'

/** The items of an epoch, one at a time. Once the signal has come there are none. */
export class Reader<T> {
  readonly #source: ItemSource<T>
  readonly #signal: AbortSignalLike | undefined
  #ahead: Promise<IteratorResult<T, undefined>> | undefined

  constructor(items: Iterable<T> | AsyncIterable<T>, signal: AbortSignalLike | undefined) {
    this.#source = new ItemSource(items)
    this.#signal = signal
  }

  /** The next item, if there is one; also after the signal, where somebody cannot do without. */
  async next(needed = false): Promise<T | undefined> {
    try {
      const { value } = await this.#look(needed)
      this.#ahead = undefined
      return value
    } catch (error) {
      if (this.#signal?.aborted) return undefined
      throw error
    }
  }

  /**
   * Whether the item before was the last: draws the next, into memory that the one before may have had. An error of the
   * source waits for `next`.
   */
  async over(): Promise<boolean> {
    try {
      return (await this.#look()).done === true
    } catch {
      return false
    }
  }

  /** Lets the source go. */
  close(): Promise<void> {
    return this.#source.close()
  }

  #look(needed = false): Promise<IteratorResult<T, undefined>> {
    return unlessAborted((this.#ahead ??= this.#source.next()), needed ? undefined : this.#signal)
  }
}
