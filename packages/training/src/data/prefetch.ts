import { ConfigurationError, describeValue, option, options, type AbortSignalLike } from '@recurra/tensor'
import { itemSourceOf, unlessAborted } from './reader.ts'

/** Options of `prefetch`. */
export interface PrefetchOptions {
  /** The number of items to read ahead. Default: 2. */
  readonly ahead?: number
  /** Closes the source and rejects with the signal's reason. Default: no signal. */
  readonly signal?: AbortSignalLike
}

/**
 * Reads a source ahead of its consumer, so that files are read or images decoded while the model trains. At most
 * `ahead` items wait. An error of the source is thrown in place of its item; leaving the loop closes the source. Every
 * item needs its own memory, because several are in use at once.
 *
 * ```ts
 * import { dense, fit, meanSquaredError, prefetch, sequential, type Batch } from 'recurra'
 *
 * async function* read(): AsyncGenerator<Batch> {
 *   for (let i = 0; i < 10; i++) yield { x: [i, 1], target: [1, i] } // from a file or from the net
 * }
 * const epoch = () => prefetch(read(), { ahead: 4 })
 * const data = { steps: 2, batch: 1, batches: 10, padded: false, carry: false, epoch }
 * const { losses } = await fit(sequential(1, [dense(1)]), data, { loss: meanSquaredError() })
 * console.log(losses.length) // 10
 * ```
 * @throws `ConfigurationError` if an option is unknown, `ahead` is not a positive integer, or the items are not
 * iterable.
 */
export const prefetch = <T>(
  items: Iterable<T> | AsyncIterable<T>,
  given: PrefetchOptions = {},
): AsyncGenerator<T, void, undefined> => {
  const { ahead, signal } = options('prefetch', given, { ahead: option.count(2), signal: option.signal() })
  const kinds = Object(items) as object
  if (!(Symbol.iterator in kinds) && !(Symbol.asyncIterator in kinds))
    throw new ConfigurationError({
      where: 'prefetch',
      expected: 'items that can be looped over',
      got: describeValue(items),
      fix: 'Pass a list, or call the generator: prefetch(read()).',
    })
  return readAhead(items, ahead, signal)
}

async function* readAhead<T>(
  items: Iterable<T> | AsyncIterable<T>,
  ahead: number,
  signal: AbortSignalLike | undefined,
): AsyncGenerator<T, void, undefined> {
  const source = itemSourceOf(items)
  const waiting: Promise<IteratorResult<T, undefined>>[] = []
  const close = (): void => void source.close()
  signal?.addEventListener('abort', close)
  try {
    for (;;) {
      while (waiting.length <= ahead) waiting.push(source.next())
      const { done, value } = await unlessAborted(waiting.shift()!, signal)
      if (done) return
      yield value
    }
  } finally {
    signal?.removeEventListener('abort', close)
    await source.close()
  }
}
