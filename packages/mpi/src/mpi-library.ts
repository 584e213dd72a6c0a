import { createRequire } from 'node:module'
import { ConfigurationError, RecurraError, type Floats } from '@recurra/tensor'
import type * as Koffi from 'koffi'
import { abiOf, type Abi } from './abi.ts'
import type { Launch } from './launch.ts'

/** The functions of MPI that are used, on MPI_COMM_WORLD. Every one throws if MPI reports an error. */
export interface MpiLibrary {
  /** What runs: `Open MPI v4.1.4`. */
  readonly version: string
  readonly rank: number
  readonly size: number
  /** MPI_Allreduce with MPI_SUM and MPI_IN_PLACE. */
  allReduce(values: Floats): void
  /** MPI_Abort: ends all processes, and does not return. */
  abort(code: number): void
  /** MPI_Finalize: waits for all others to call it. */
  finalize(): void
}

type CFunction = (...given: unknown[]) => number
type CType = string | ReturnType<typeof Koffi.out>

/**
 * UCX and Open MPI rewrite functions of the C library while they start, to see what memory is freed. The threads of V8
 * run these at the same time: of some fifty starts with MPICH, one hung or crashed. And UCX takes the signal by which
 * V8 notices what leaves the memory of WebAssembly.
 */
const safely = {
  UCX_MEM_EVENTS: 'n', UCX_MEM_MMAP_HOOK_MODE: 'none', UCX_ERROR_SIGNALS: '', OMPI_MCA_memory: '^patcher',
}

/** Loads the first of the libraries that is there, and initializes MPI. */
export const initialized = ({ libraries }: Launch): MpiLibrary => {
  for (const [name, value] of Object.entries(safely)) process.env[name] ??= value
  const koffi = loadKoffi()
  const library = firstOf(koffi, libraries)
  const abi = abiOf({
    addressOf(symbol) {
      try {
        return koffi.address(library.symbol(symbol))
      } catch {
        return undefined
      }
    },
    standardAbi() {
      const [major, minor] = [[-1], [-1]]
      library.func('MPI_Abi_get_version', 'int', [koffi.out('int *'), koffi.out('int *')])(major, minor)
      return major[0]!
    },
  })
  return bound(koffi, library, abi)
}

const bound = (koffi: typeof Koffi, library: Koffi.LibraryHandle, abi: Abi): MpiLibrary => {
  const { handle, world } = abi
  const number = (): CType => koffi.out('int *')
  const mpi = (name: string, ...types: CType[]): CFunction => library.func(name, 'int', types)
  const errorString = mpi('MPI_Error_string', 'int', 'char *', number())
  const check = (code: number, what: string): void => {
    if (code !== 0) throw failed(what, textOf((text, length) => errorString(code, text, length)))
  }
  const given = [0]
  check(mpi('MPI_Init_thread', 'void *', 'void *', 'int', number())(null, null, abi.funneled, given), 'MPI_Init_thread')
  check(mpi('MPI_Comm_set_errhandler', handle, handle)(world, abi.errorsReturn), 'MPI_Comm_set_errhandler')
  const asked = (name: string): number => {
    const answer = [0]
    check(mpi(name, handle, number())(world, answer), name)
    return answer[0]!
  }
  const libraryVersion = mpi('MPI_Get_library_version', 'char *', number())
  const allReduce = mpi('MPI_Allreduce', 'uintptr_t', 'void *', 'int', handle, handle, handle)
  return {
    version: shortVersion(textOf((text, length) => libraryVersion(text, length))),
    rank: asked('MPI_Comm_rank'),
    size: asked('MPI_Comm_size'),
    allReduce(values) {
      const type = values instanceof Float64Array ? abi.double : abi.float
      check(allReduce(abi.inPlace, values, values.length, type, abi.sum, world), 'MPI_Allreduce')
    },
    abort: mpi('MPI_Abort', handle, 'int').bind(undefined, world),
    finalize: () => check(mpi('MPI_Finalize')(), 'MPI_Finalize'),
  }
}

/** What a function of C writes into a text and a length. */
const textOf = (write: (text: Uint8Array, length: number[]) => unknown): string => {
  const [text, length] = [Buffer.alloc(8192), [0]]
  write(text, length)
  return text.toString('latin1', 0, length[0])
}

/** The first line, without the details of the build: `Open MPI v4.1.4`, `MPICH 4.0.2`. */
const shortVersion = (text: string): string =>
  text.split(/[\n,]/)[0]!.replace(/ Version:\s*/, ' ').replace(/\0/g, '').trim()

const firstOf = (koffi: typeof Koffi, names: readonly string[]): Koffi.LibraryHandle => {
  for (const name of names)
    try {
      // The plugins of Open MPI look for its symbols among the global ones.
      return koffi.load(name, { lazy: false, global: true })
    } catch {
      continue
    }
  throw new ConfigurationError({
    where: 'mpi',
    expected: `the library of the mpirun that started this process: ${names.join(' or ')}`,
    got: 'none',
    fix: names.includes('libmpi.so.40')
      ? 'Type apt-get install openmpi-bin, or name the file: RECURRA_MPI=/path/to/libmpi.so.'
      : 'Type apt-get install mpich, or name the file: RECURRA_MPI=/path/to/libmpich.so.',
  })
}

const loadKoffi = (): typeof Koffi => {
  try {
    return createRequire(import.meta.url)('koffi') as typeof Koffi
  } catch (error) {
    throw new ConfigurationError({
      where: 'mpi',
      expected: 'the package koffi, which calls the MPI library',
      got: error instanceof Error ? error.message.split('\n')[0]! : 'none',
      fix: 'Type npm install koffi.',
    })
  }
}

const failed = (what: string, text: string): RecurraError =>
  new RecurraError({
    where: what, expected: 'success', got: text,
    fix: 'Look at the messages of mpirun, and at the network between hosts.',
  })
