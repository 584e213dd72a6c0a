/**
 * What a page that is bundled has in place of the files that ask Node, as `browser` in the manifest says: the code of a
 * thread is loaded when one starts, and there are no addons and no engine flags.
 *
 * @module
 */

import { ConfigurationError } from '@recurra/tensor'
import { features } from './engine.ts'
import type { featuresFor as nodeFeaturesFor } from './features-for.ts'
import type { loadNative as load } from './native/native.ts'
import { mostUsefulThreads } from './threads/control.ts'
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

/** As many threads as the machine runs at once. */
export const hardwareThreads = (): number => Math.min(globalThis.navigator?.hardwareConcurrency ?? 1, mostUsefulThreads)

/** @throws `ConfigurationError` if wide vectors are asked for. */
export const featuresFor: typeof nodeFeaturesFor = (rounding, revectorize) => {
  if (revectorize) throw onlyNode('revectorize', 'Node 24 or later on a processor with AVX2')
  return { ...features, relaxedSimd: features.relaxedSimd && rounding !== 'separate' }
}

/** @throws `ConfigurationError` always. */
export const loadNative: typeof load = () => {
  throw onlyNode('native', 'Node, which has addons')
}

const onlyNode = (where: string, expected: string): ConfigurationError =>
  new ConfigurationError({ where, expected, got: 'a page', fix: 'Leave the option out.' })
