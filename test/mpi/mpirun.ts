import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

/** The launchers that Debian has, and the packages that bring them. */
const packages = { openmpi: ['openmpi-bin'], mpich: ['mpich'] } as const
/** An MPI library. */
export type Mpi = keyof typeof packages
const fileOf = (mpi: Mpi): string => `/usr/bin/mpirun.${mpi}`

/** Those that are here; what is missing is installed first, where that is possible: by root, on Debian. */
export const libraries = (): Mpi[] => {
  const all = Object.keys(packages) as Mpi[]
  const missing = all.filter((mpi) => !existsSync(fileOf(mpi)))
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  if (missing.length > 0 && canInstall)
    try {
      const apt = (...words: string[]): void =>
        void execFileSync('/usr/bin/apt-get', ['-qq', '--yes', ...words], { stdio: 'ignore', timeout: 120_000 })
      apt('update')
      apt('install', '--no-install-recommends', ...missing.flatMap((mpi) => packages[mpi]))
    } catch {
      // then they are left out, by name
    }
  return all.filter((mpi) => existsSync(fileOf(mpi)))
}

/** How a run of several ranks ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
  /** Seconds that it took. */
  readonly seconds: number
}

/** This machine may be root's and small: a test is no training that is in a hurry. */
export const patient = {
  OMPI_ALLOW_RUN_AS_ROOT: '1', OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1', OMPI_MCA_rmaps_base_oversubscribe: '1',
  OMPI_MCA_hwloc_base_binding_policy: 'none', OMPI_MCA_mpi_yield_when_idle: '1', NO_COLOR: '1',
}

/** Options of `mpirun`. */
export interface MpirunOptions {
  /** Further words of mpirun. Default: none. */
  readonly words?: readonly string[]
  readonly environment?: NodeJS.ProcessEnv
  /** The most seconds that it may take; then all is killed. Default: 60. */
  readonly limit?: number
}

/** Runs a program in several ranks. All of them are gone when it returns. */
export const mpirun = (
  mpi: Mpi, ranks: number, program: readonly string[], { words = [], environment = {}, limit = 60 }: MpirunOptions = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const begin = performance.now()
    const child = spawn(fileOf(mpi), [...words, '-n', String(ranks), ...program], {
      detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...patient, ...environment },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    const killAll = (): void => {
      try {
        process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // all have gone
      }
    }
    const timer = setTimeout(killAll, limit * 1000)
    child.on('close', (code) => {
      clearTimeout(timer)
      killAll()
      resolve({ code, out, err, seconds: (performance.now() - begin) / 1000 })
    })
  })
