import type { AbortSignalLike } from '@recurra/tensor'

/** Items drawn one after the other, however fast they are asked for; none after the end, an error, or `close`. */
export interface ItemSource<T> {
  /** The next item. Fails where the source does. */
  next(): Promise<IteratorResult<T, undefined>>
  /** Lets the source go. One that is waiting for an item closes when that has come, and nobody waits for it. */
  close(): Promise<void>
}

/** Opens it. */
export const itemSourceOf = <T>(items: Iterable<T> | AsyncIterable<T>): ItemSource<T> => {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let last: Promise<unknown> = Promise.resolve()
  let [drawing, ended] = [false, false]
  const draw = async (): Promise<IteratorResult<T, undefined>> => {
    if (ended) return { done: true, value: undefined }
    drawing = true
    try {
      const drawn = await iterator.next()
      if (!drawn.done) return drawn
      ended = true
      return { done: true, value: undefined }
    } catch (error) {
      ended = true
      throw error
    } finally {
      drawing = false
    }
  }
  return {
    next() {
      const drawn = last.then(draw)
      last = drawn.catch(() => {}) // whoever asked sees the error
      return drawn
    },
    async close() {
      if (ended) return
      ended = true
      const closing = (async () => iterator.return?.())()
      await (drawing ? void closing.catch(() => {}) : closing)
    },
  }
}

/** What is promised, or a failure with the signal's reason if that comes first. */
export const unlessAborted = <T>(promised: Promise<T>, signal: AbortSignalLike | undefined): Promise<T> => {
  if (!signal) return promised
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort)
    void promised.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

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
