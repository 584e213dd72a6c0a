import type { AbortSignalLike } from '@recurra/tensor'

/** Items drawn one after the other, however fast they are asked for; none after the end, an error, or `close`. */
export class ItemSource<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>
  #last: Promise<unknown> = Promise.resolve()
  #drawing = false
  #ended = false

  constructor(items: Iterable<T> | AsyncIterable<T>) {
    this.#iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  }

  /** The next item. Fails where the source does. */
  next(): Promise<IteratorResult<T, undefined>> {
    const drawn = this.#last.then(() => this.#draw())
    this.#last = drawn.catch(() => {}) // whoever asked sees the error
    return drawn
  }

  /** Lets the source go. One that is waiting for an item closes when that has come, and nobody waits for it. */
  async close(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    const closing = (async () => this.#iterator.return?.())()
    await (this.#drawing ? void closing.catch(() => {}) : closing)
  }

  async #draw(): Promise<IteratorResult<T, undefined>> {
    if (this.#ended) return { done: true, value: undefined }
    this.#drawing = true
    try {
      const drawn = await this.#iterator.next()
      if (!drawn.done) return drawn
      this.#ended = true
      return { done: true, value: undefined }
    } catch (error) {
      this.#ended = true
      throw error
    } finally {
      this.#drawing = false
    }
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
