import { option, options } from '@recurra/tensor'
import type { Backend } from './backend.ts'
import { javascriptLoadedLater } from './javascript/loaded-later.ts'
import { features } from './webassembly/engine.ts'
import { hardwareThreads } from './webassembly/hardware-threads.ts'
import { webassembly, webassemblyKinds, type WebAssemblyOptions } from './webassembly/webassembly.ts'

/**
 * The fastest backend that runs here: WebAssembly with SIMD on all cores, else plain JavaScript; `describe()` names it
 * and gives the reason.
 *
 * ```ts
 * import { backend, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(16)], { backend: backend({ threads: 1 }) })
 * console.log(model.backend.name) // webassembly
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid, or for the reasons of `webassembly` if that runs.
 */
export const backend = (given: WebAssemblyOptions = {}): Backend => {
  options('backend', given, webassemblyKinds)
  return features.whyNoSimd === undefined
    ? webassembly({ threads: hardwareThreads(), ...given })
    : javascriptLoadedLater(features.whyNoSimd)
}

/** An option that is a backend. Without one, a model runs on the common backend. */
export const backendOption: option.Option<Backend | undefined> = option.checked<Backend>(
  'a backend, such as backend()',
  (value) => typeof (value as Partial<Backend> | null)?.matmul === 'function',
  (value) =>
    value instanceof Promise
      ? 'Await it: { backend: await webgpu() }.'
      : typeof value === 'function'
        ? `Call it: ${value.name}().`
        : "Pass backend(), or javascript({ dtype: 'float64' }).",
)()

let common: Backend | undefined

/** The backend that all models without a backend of their own share; made on first use. */
export const commonBackend = (): Backend => (common ??= backend())
