import { nodeModule, nodeProcess } from '../node.ts'
import { whyNotShared } from './engine.ts'
import { mostUsefulThreads } from './threads/control.ts'

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
export const hardwareThreads = (): number => {
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } }
  const untold = nodeProcess()?.versions?.node ? mostUsefulThreads : 1
  const [os, processes] = [nodeModule('node:os'), processesHere()]
  // cpus() reads files about every core; one process alone needs no share
  const share = processes === 1 ? Infinity : Math.max(1, Math.floor((os?.cpus().length ?? Infinity) / processes))
  return Math.min(os?.availableParallelism() ?? navigator?.hardwareConcurrency ?? untold, share, mostUsefulThreads)
}

/** Why threads are unavailable; `undefined` if they are available. */
export const whyNoThreads = (): string | undefined => {
  const why = whyNotShared()
  if (why !== undefined) return why
  if (nodeModule('node:worker_threads') || typeof Worker !== 'undefined') return undefined
  return nodeProcess()?.versions?.node ? 'threads need Node 20.16, 22.3 or later' : 'there are no workers here'
}
