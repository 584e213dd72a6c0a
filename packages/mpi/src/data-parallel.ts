import { DataParallel, type DataParallelOptions } from '@recurra/training'
import { mpiWorld } from './mpi-world.ts'

/** What `dataParallel` returns, to be spread into the options of `fit` or `evaluate`. */
export interface OverMpi {
  /** Training over all processes of `mpirun`. */
  readonly dataParallel: DataParallel
}

/**
 * Options of `fit` and `evaluate` for training on MPI: each process of `mpirun` trains on its rows of every batch, and
 * all get the result of one process with whole batches, up to rounding. Without `mpirun`, the process trains alone.
 *
 * An error in one process ends all of them, with a message that names its rank.
 *
 * ```ts
 * import { dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 * import { dataParallel, mpiWorld } from 'recurra/mpi'
 *
 * const data = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] })
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, data, { loss: meanSquaredError(), steps: 10, ...dataParallel() })
 * if (mpiWorld().rank === 0) console.log(losses.length) // 10
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid, or for the reasons of `mpiWorld`.
 */
export const dataParallel = (given: DataParallelOptions = {}): OverMpi => ({
  dataParallel: new DataParallel(mpiWorld(), given),
})
