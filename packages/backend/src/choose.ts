import type { DType } from '@recurra/tensor'
import type { Backend } from './backend.ts'
import { javascript } from './javascript/javascript.ts'
import { nodeModule, nodeProcess } from './node.ts'
import { features } from './webassembly/engine.ts'
import { webassembly, type WebAssemblyOptions } from './webassembly/webassembly.ts'

/** What is wanted of a backend. */
export interface BackendOptions extends WebAssemblyOptions {
  /** 'float64' for gradient checks and exact comparison: plain JavaScript then. */
  readonly dtype?: DType
}

/** More threads than this seldom have enough to do at the sizes of recurrent networks. */
const mostUsefulThreads = 8

/** As many threads as the machine runs at once. A Node that does not tell has no threads either, and `describe()` says why. */
const hardwareThreads = (): number => {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } }
  const untold = nodeProcess()?.versions?.node ? mostUsefulThreads : 1
  return Math.min(nodeModule('node:os')?.availableParallelism() ?? navigator?.hardwareConcurrency ?? untold, mostUsefulThreads)
}

/**
 * The fastest backend that runs here: WebAssembly with SIMD on all cores, else plain JavaScript; `describe()` says which, and
 * why.
 *
 * ```ts
 * import { backend, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(16)], { backend: backend({ threads: 1 }) })
 * console.log(model.backend.name) // webassembly
 * ```
 * @throws `ConfigurationError` as `webassembly`, if that is what runs.
 */
export const backend = ({ dtype = 'float32', ...options }: BackendOptions = {}): Backend => {
  if (dtype === 'float64') return javascript({ dtype })
  if (!features.whyNoSimd) return webassembly({ threads: hardwareThreads(), ...options })
  const machine = javascript()
  return { ...machine, describe: () => `${machine.describe()} (${features.whyNoSimd})` }
}

let common: Backend | undefined

/** The backend that all models share for which none is chosen; made when it is first asked for. */
export const commonBackend = (): Backend => (common ??= backend())
