import { option, options } from '@recurra/tensor'
import type { Backend } from './backend.ts'
import { javascriptLoadedLater } from './javascript/loaded-later.ts'
import { nodeModule, nodeProcess } from './node.ts'
import { features } from './webassembly/engine.ts'
import { webassembly, webassemblyKinds, type WebAssemblyOptions } from './webassembly/webassembly.ts'

/** At the sizes of recurrent networks, more threads than this seldom have enough to do. */
const mostUsefulThreads = 8

/** How many processes a launcher such as mpirun has started on this machine, as Open MPI, MPICH and Slurm tell them. */
const processesHere = (): number => {
  const { OMPI_COMM_WORLD_LOCAL_SIZE, MPI_LOCALNRANKS, SLURM_STEP_TASKS_PER_NODE } = nodeProcess()?.env ?? {}
  const told = OMPI_COMM_WORLD_LOCAL_SIZE ?? MPI_LOCALNRANKS ?? SLURM_STEP_TASKS_PER_NODE // Slurm: 4(x2),3
  return Math.max(1, Number.parseInt(told ?? '1', 10) || 1)
}

/**
 * As many threads as the machine runs at once, shared out among the processes of `mpirun`. A Node that does not report
 * the number has no threads either; `describe()` gives the reason.
 */
const hardwareThreads = (): number => {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } }
  const untold = nodeProcess()?.versions?.node ? mostUsefulThreads : 1
  const [os, processes] = [nodeModule('node:os'), processesHere()]
  // cpus() reads files about every core; one process alone needs no share
  const share = processes === 1 ? Infinity : Math.max(1, Math.floor((os?.cpus().length ?? Infinity) / processes))
  return Math.min(os?.availableParallelism() ?? navigator?.hardwareConcurrency ?? untold, share, mostUsefulThreads)
}

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
