import { hostname } from 'node:os'
import { isMainThread } from 'node:worker_threads'
import { ConfigurationError } from '@recurra/tensor'
import type { Communicator } from '@recurra/training'
import { checkedReduction } from './checked-reduction.ts'
import { guardProcess, textOf } from './guard-process.ts'
import { launchOf } from './launch.ts'
import { initialized, type MpiLibrary } from './mpi-library.ts'

/** All processes that `mpirun` started together (MPI_COMM_WORLD), or the only one. */
export interface MpiWorld extends Communicator {
  /** What connects them, such as `Open MPI v4.1.4`; undefined if this process was not started with mpirun. */
  readonly library: string | undefined
  /** How many of the processes run on this machine. */
  readonly localSize: number
  /**
   * Ends all processes with an exit code (default: 1), because this one has met an error. It prints the rank and a
   * text (default: the message). Does nothing if this is the only process.
   */
  abort(error: unknown, code?: number, text?: string): void
}

let joined: MpiWorld | undefined

/**
 * The processes that `mpirun` started together: joins them on the first call. A program may read its rank, such as to
 * let only rank 0 print.
 *
 * From then on, an uncaught error in one process ends all of them, and so does a process that ends before the others.
 *
 * ```ts
 * import { mpiWorld } from 'recurra/mpi'
 *
 * const { rank, size, library } = mpiWorld()
 * if (rank === 0) console.log(size, library) // 1 undefined
 * ```
 * @throws `ConfigurationError` if the MPI library is missing or is not that of the `mpirun`, or if it is called outside
 * the main thread.
 */
export const mpiWorld = (): MpiWorld => (joined ??= join())

const join = (): MpiWorld => {
  const launch = launchOf(process.env)
  if (!launch) {
    const nothing = (): void => undefined
    return { rank: 0, size: 1, localSize: 1, library: undefined, allReduce: nothing, abort: nothing }
  }
  if (!isMainThread)
    throw new ConfigurationError({
      where: 'mpi', expected: 'a call from the main thread, where MPI runs', got: 'one from a worker',
      fix: 'Train in the main thread of a process that mpirun started.',
    })
  const mpi = initialized(launch)
  const { rank, size, version } = mpi
  if (launch.size !== undefined && launch.size !== size) throw strangers(launch.size, mpi)
  const reduction = checkedReduction(mpi)
  const guard = guardProcess(mpi, reduction)
  return {
    rank, size, library: version, localSize: localSizeOf(mpi), allReduce: reduction.allReduce,
    abort(error, code = 1, text = textOf(error)) {
      if (size > 1) guard.abort(error, code, text)
    },
  }
}

/** How many have the name of this host. */
const localSizeOf = (mpi: MpiLibrary): number => {
  const hosts = new Float64Array(mpi.size)
  const own = [...hostname()].reduce((hash, letter) => (hash * 31 + letter.codePointAt(0)!) % 2 ** 32, 7)
  hosts[mpi.rank] = own
  mpi.allReduce(hosts)
  return hosts.filter((host) => host === own).length
}

const strangers = (started: number, { size, version }: MpiLibrary): ConfigurationError =>
  new ConfigurationError({
    where: 'mpi',
    expected: `a world of ${started} processes, which were started`,
    got: `one of ${size} in ${version}`,
    fix: 'Use the mpirun of this library: mpirun.openmpi or mpirun.mpich where both are installed.',
  })
