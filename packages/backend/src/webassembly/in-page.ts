/**
 * What a page that is bundled has in place of `start-thread.ts` and `native.ts`, as `browser` in the manifest says: the
 * code of a thread is loaded when one starts, and there are no addons.
 *
 * @module
 */

import { ConfigurationError } from '@recurra/tensor'
import type { loadNative as load } from './native/native.ts'
import type { Thread } from './threads/start-thread.ts'

/** Starts a thread; messages wait for its code. */
export const startThread = (failed: () => void): Thread => {
  const thread = import('./threads/worker-source.ts').then(({ startPageWorker }) => startPageWorker(failed))
  thread.catch(failed) // a page may forbid workers
  const tell = (what: (thread: Thread) => unknown): void => void thread.then(what, () => {})
  return {
    postMessage: (message) => tell((one) => one.postMessage(message)),
    terminate: () => tell((one) => one.terminate()),
  }
}

/** @throws `ConfigurationError` always. */
export const loadNative: typeof load = () => {
  throw new ConfigurationError({
    where: 'native matmul', expected: 'Node, which has addons', got: 'a page', fix: 'Do without the native option.',
  })
}
