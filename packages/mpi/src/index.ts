/**
 * Data-parallel training on MPI: one model, several processes and machines. Start a program with `mpirun`, and pass
 * `{ ...dataParallel() }` to `fit`.
 *
 * @module @recurra/mpi
 */
export { dataParallel, type OverMpi } from './data-parallel.ts'
export { mpiWorld, type MpiWorld } from './mpi-world.ts'
