import { ConfigurationError, option, options, type DType } from '@recurra/tensor'
import type { Backend } from './backend.ts'
import { javascript } from './javascript/javascript.ts'
import { nodeModule, nodeProcess } from './node.ts'
import { features } from './webassembly/engine.ts'
import { webassembly, webassemblyKinds, type WebAssemblyOptions } from './webassembly/webassembly.ts'

/** Options of `backend`. */
export interface BackendOptions extends WebAssemblyOptions {
  /**
   * 'float64' for gradient checks and exact comparison: plain JavaScript then, which has no other options. Default:
   * `'float32'`.
   */
  readonly dtype?: DType
}

/** More threads than this seldom have enough to do at the sizes of recurrent networks. */
const mostUsefulThreads = 8

/**
 * As many threads as the machine runs at once. A Node that does not tell has no threads either, and `describe()` says
 * why.
 */
const hardwareThreads = (): number => {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } }
  const untold = nodeProcess()?.versions?.node ? mostUsefulThreads : 1
  return Math.min(
    nodeModule('node:os')?.availableParallelism() ?? navigator?.hardwareConcurrency ?? untold,
    mostUsefulThreads,
  )
}

/**
 * The fastest backend that runs here: WebAssembly with SIMD on all cores, else plain JavaScript; `describe()` says
 * which, and why.
 *
 * ```ts
 * import { backend, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(16)], { backend: backend({ threads: 1 }) })
 * console.log(model.backend.name) // webassembly
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid, or as `webassembly`, if that is what runs.
 */
export const backend = (given: BackendOptions = {}): Backend => {
  const { dtype } = options('backend', given, {
    dtype: option.oneOf('float32', 'float64')('float32'),
    ...webassemblyKinds,
  })
  const { dtype: _, ...others } = given
  if (dtype === 'float64') {
    const ignored = Object.entries(others).find(
      ([name, value]) => value !== undefined && !(name === 'threads' && value === 1),
    )
    if (!ignored) return javascript({ dtype })
    throw new ConfigurationError({
      where: 'backend',
      expected: "no other options with dtype 'float64', which plain JavaScript computes on one thread",
      got: ignored[0],
      fix: `Leave out ${ignored[0]}, or use float32.`,
    })
  }
  if (!features.whyNoSimd) return webassembly({ threads: hardwareThreads(), ...others })
  const machine = javascript()
  return { ...machine, describe: () => `${machine.describe()} (${features.whyNoSimd})` }
}

/** An option that is a backend; what has none runs on the common one, say. */
export const backendOption: option.Option<Backend | undefined> = option.checked<Backend>(
  'a backend, such as backend()',
  (value) => typeof (value as Partial<Backend> | null)?.matmul === 'function',
  (value) =>
    typeof value === 'function' ? `Call it: ${value.name}().` : "Pass backend(), or javascript({ dtype: 'float64' }).",
)()

let common: Backend | undefined

/** The backend that all models share for which none is chosen; made when it is first asked for. */
export const commonBackend = (): Backend => (common ??= backend())
