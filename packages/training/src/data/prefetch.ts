import { expectCount, type AbortSignalLike } from '@recurra/tensor'
import { Source, unlessAborted } from './source.ts'

/** Options of `prefetch`. */
export interface PrefetchOptions {
  /** How many items are read before they are asked for; 2 unless said otherwise. */
  readonly ahead?: number
  /** Closes the source, and fails with the signal's reason. */
  readonly signal?: AbortSignalLike
}

/**
 * Reads a source ahead of whoever takes its items, so that files are read or pictures decoded while the model trains.
 * Never more than `ahead` items wait. An error of the source comes in the place of its item; leaving the loop closes
 * the source. Every item needs memory of its own, since several are alive at once.
 *
 * ```ts
 * import { dense, fit, meanSquaredError, prefetch, sequential, type Batch } from 'recurra'
 *
 * async function* read(): AsyncGenerator<Batch> {
 *   for (let i = 0; i < 10; i++) yield { x: [i, 1], target: [1, i] } // from a file or from the net
 * }
 * const data = { steps: 2, batch: 1, batches: 10, padded: false, carry: false, epoch: () => prefetch(read(), { ahead: 4 }) }
 * const { losses } = await fit(sequential(1, [dense(1)]), data, { loss: meanSquaredError() })
 * console.log(losses.length) // 10
 * ```
 * @throws `ConfigurationError` if `ahead` is no whole number of at least 1.
 */
export async function* prefetch<T>(
  items: Iterable<T> | AsyncIterable<T>,
  { ahead = 2, signal }: PrefetchOptions = {},
): AsyncGenerator<T, void, undefined> {
  expectCount(ahead, 'the items ahead of prefetch')
  const source = new Source(items)
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
