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
