import type { AbortSignalLike } from '@recurra/tensor'
import { itemSourceOf, unlessAborted } from '../data/item-source.ts'

/** The items of an epoch, one at a time. Once the signal has come there are none. */
export interface Reader<T> {
  /** The next item, if there is one; also after the signal, where somebody cannot do without. */
  next(needed?: boolean): Promise<T | undefined>
  /**
   * Whether the item before was the last: draws the next, into memory that the one before may have had. An error of the
   * source waits for `next`.
   */
  over(): Promise<boolean>
  /** Lets the source go. */
  close(): Promise<void>
}

/** Opens it. */
export const readerOf = <T>(
  items: Iterable<T> | AsyncIterable<T>, signal: AbortSignalLike | undefined,
): Reader<T> => {
  const { next, close } = itemSourceOf(items)
  let ahead: Promise<IteratorResult<T, undefined>> | undefined
  const look = (needed = false): Promise<IteratorResult<T, undefined>> =>
    unlessAborted((ahead ??= next()), needed ? undefined : signal)
  return {
    async next(needed) {
      try {
        const { value } = await look(needed)
        ahead = undefined
        return value
      } catch (error) {
        if (signal?.aborted) return undefined
        throw error
      }
    },
    async over() {
      try {
        return (await look()).done === true
      } catch {
        return false
      }
    },
    close,
  }
}
