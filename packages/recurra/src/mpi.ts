/**
 * Data-parallel training on MPI: start a program with `mpirun`, and pass `{ ...dataParallel() }` to `fit`. Node only.
 *
 * @module recurra/mpi
 */
export * from '@recurra/mpi'
