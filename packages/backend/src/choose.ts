import type { DType } from '@recurra/tensor'
import type { Backend } from './backend.ts'
import { javascript } from './javascript/javascript.ts'
import { features } from './webassembly/engine.ts'
import { webassembly, type WebAssemblyOptions } from './webassembly/webassembly.ts'

/** What is wanted of a backend. */
export interface BackendOptions extends WebAssemblyOptions {
  /** 'float64' for gradient checks and exact comparison: plain JavaScript then. */
  readonly dtype?: DType
}

/** The fastest backend that runs here: WebAssembly with SIMD, else plain JavaScript; `describe()` says which, and why. */
export const backend = ({ dtype = 'float32', ...options }: BackendOptions = {}): Backend => {
  if (dtype === 'float64') return javascript({ dtype })
  if (features.simd) return webassembly(options)
  const machine = javascript()
  return { ...machine, describe: () => `${machine.describe()} (this engine has no WebAssembly SIMD)` }
}

let common: Backend | undefined

/** The backend that all models share for which none is chosen; made when it is first asked for. */
export const commonBackend = (): Backend => (common ??= backend())
