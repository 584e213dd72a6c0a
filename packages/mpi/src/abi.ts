/** What differs between the binary interfaces (ABIs) of MPI libraries. */
export interface Abi {
  readonly name: 'Open MPI' | 'MPICH' | 'MPI 5'
  /** The C type of handles, such as communicators. */
  readonly handle: 'uintptr_t' | 'int'
  readonly world: Handle
  readonly float: Handle
  readonly double: Handle
  readonly sum: Handle
  readonly errorsReturn: Handle
  /** The address that stands for "the result replaces the input". */
  readonly inPlace: bigint
  /** The thread level of a process in which only the main thread calls MPI. */
  readonly funneled: number
}

/** An address, or a number. */
export type Handle = number | bigint

/** MPI 4.1, 20.3: integers, with these values in MPICH's `mpi.h` and in all libraries of its ABI initiative. */
const mpich: Abi = {
  name: 'MPICH', handle: 'int', world: 0x44000000, float: 0x4c00040a, double: 0x4c00080b, sum: 0x58000003,
  errorsReturn: 0x54000001, inPlace: 2n ** 64n - 1n, funneled: 1,
}

/** MPI 5.0, chapter 20: the standard ABI. */
const standard: Abi = {
  name: 'MPI 5', handle: 'uintptr_t', world: 0x101, float: 0x210, double: 0x214, sum: 0x21, errorsReturn: 0x143,
  inPlace: 1n, funneled: 1024,
}

/** What can be asked of a library before its ABI is known. */
export interface Probe {
  /** The address of a symbol; undefined if there is none. */
  readonly addressOf: (symbol: string) => bigint | undefined
  /** The major version of the standard ABI, as `MPI_Abi_get_version` gives it; -1 in a library with its own ABI. */
  readonly standardAbi: () => number
}

/** Which ABI a library has: the objects of Open MPI are symbols, and MPI 5 says whether its own is the standard one. */
export const abiOf = ({ addressOf, standardAbi }: Probe): Abi => {
  const world = addressOf('ompi_mpi_comm_world')
  if (world === undefined)
    return addressOf('MPI_Abi_get_version') !== undefined && standardAbi() >= 1 ? standard : mpich
  const at = (symbol: string): bigint => addressOf(symbol)!
  return {
    name: 'Open MPI', handle: 'uintptr_t', world, float: at('ompi_mpi_float'), double: at('ompi_mpi_double'),
    sum: at('ompi_mpi_op_sum'), errorsReturn: at('ompi_mpi_errors_return'), inPlace: 1n, funneled: 1,
  }
}
