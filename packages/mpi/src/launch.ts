import { fstatSync } from 'node:fs'
import { ConfigurationError } from '@recurra/tensor'

/** How a launcher such as mpirun started this process. */
export interface Launch {
  /** The names of the libraries that go with it, the best first. */
  readonly libraries: readonly string[]
  /** How many processes it started, if it says so. */
  readonly size: number | undefined
}

const openMpi = ['libmpi.so.40', 'libmpi.so'] // 4 and 5
const mpich = ['libmpi_abi.so.0', 'libmpich.so.12', 'libmpich.so', 'libmpi.so.12']

/**
 * What the environment tells of the launcher; undefined if there was none. `RECURRA_MPI` names a library.
 * @throws `ConfigurationError` if a program in between, such as npx, has closed the connection to it.
 */
export const launchOf = (environment: NodeJS.ProcessEnv): Launch | undefined => {
  const { RECURRA_MPI: named, OMPI_COMM_WORLD_SIZE, PMI_SIZE, PMI_RANK, PMI_PORT, PMI_FD, PMIX_RANK } = environment
  const size = OMPI_COMM_WORLD_SIZE ?? PMI_SIZE ?? (PMIX_RANK === undefined ? undefined : environment['SLURM_NTASKS'])
  const kinds = OMPI_COMM_WORLD_SIZE !== undefined ? openMpi
    : PMI_SIZE ?? PMI_RANK ?? PMI_PORT ?? PMI_FD ? mpich
    : PMIX_RANK !== undefined ? [...openMpi, ...mpich]
    : undefined
  if (kinds === undefined && !named) return undefined
  if (PMI_FD !== undefined && kinds === mpich) expectOpen(Number(PMI_FD))
  return { libraries: named ? [named] : kinds!, size: size === undefined ? undefined : Number(size) }
}

/** Node does not pass open files on: between mpirun and a program there must be no npm. */
const expectOpen = (file: number): void => {
  try {
    // bigint: in Node 20, realpathSync reads the memory of the last fstatSync of numbers, and takes folders for pipes
    const status = fstatSync(file, { bigint: true })
    if (status.isSocket() || status.isFIFO()) return
  } catch {
    // closed
  }
  throw new ConfigurationError({
    where: 'mpi',
    expected: 'a connection to the mpirun of MPICH',
    got: 'one that npx has closed',
    fix: 'Type mpirun -pmi-port -n …, or start node_modules/.bin/recurra instead of npx recurra.',
  })
}
