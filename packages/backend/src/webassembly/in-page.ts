/**
 * What a page that is bundled has in place of the files that ask Node, as `browser` in the manifest says: the code of a
 * thread is loaded when one starts, and there are no addons and no engine flags.
 *
 * @module
 */

import { ConfigurationError } from '@recurra/tensor'
import { features, whyNotShared } from './engine.ts'
import type { featuresFor as nodeFeaturesFor } from './features-for.ts'
import type { nativeKernels as kernels } from './native/native-kernels.ts'
import type { loadNative as load } from './native/native.ts'
import { mostUsefulThreads } from './threads/control.ts'
import type { startTeam as start } from './threads/start-team.ts'

/** Starts a team when its code is there; until then, one thread does it all. */
export const startTeam: typeof start = (plan, ready) => {
  import('./threads/team.ts').then(({ Team }) => ready(new Team(plan))).catch(plan.failed)
}

/** Why threads are unavailable; `undefined` if they are available. */
export const whyNoThreads = (): string | undefined =>
  whyNotShared() ?? (typeof Worker === 'undefined' ? 'there are no workers here' : undefined)

/** As many threads as the machine runs at once. */
export const hardwareThreads = (): number => Math.min(globalThis.navigator?.hardwareConcurrency ?? 1, mostUsefulThreads)

/** @throws `ConfigurationError` if wide vectors are asked for. */
export const featuresFor: typeof nodeFeaturesFor = (rounding, revectorize) => {
  if (revectorize) throw onlyNode('revectorize', 'Node 24 or later on a processor with AVX2')
  return { ...features, relaxedSimd: features.relaxedSimd && rounding !== 'separate' }
}

/** @throws `ConfigurationError` always. */
export const loadNative: typeof load & typeof kernels = () => {
  throw onlyNode('native', 'Node, which has addons')
}
export { loadNative as nativeKernels }

const onlyNode = (where: string, expected: string): ConfigurationError =>
  new ConfigurationError({ where, expected, got: 'a page', fix: 'Leave the option out.' })
