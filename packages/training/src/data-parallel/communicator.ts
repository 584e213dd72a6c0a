import type { Floats } from '@recurra/tensor'

/**
 * The processes that train one model together, as an MPI communicator: each has a rank. `dataParallel` of `recurra/mpi`
 * makes one; for another transport, write these functions.
 *
 * ```ts
 * import type { Communicator } from 'recurra'
 *
 * const alone: Communicator = {
 *   rank: 0, size: 1,
 *   allReduce: () => undefined,
 *   abort: (error) => console.error(error),
 * }
 * ```
 */
export interface Communicator {
  /** The number of this process, from 0. Rank 0 saves checkpoints and reports progress. */
  readonly rank: number
  /** How many processes there are. */
  readonly size: number
  /** Whether `allReduce` returns a promise. Default: false. */
  readonly answersLater?: boolean
  /**
   * Sums arrays of one length over all processes, in place (MPI_Allreduce with MPI_SUM). All processes must receive
   * bit-identical results. They call it the same number of times, in the same order.
   */
  allReduce(values: Floats): void | Promise<void>
  /**
   * Ends all processes, because this one failed and the others may be waiting for it. If this returns, the error is
   * also thrown.
   */
  abort(error: unknown): void
}

/** Options of `DataParallel`. */
export interface DataParallelOptions {
  /**
   * What each process passes to `fit`. `'whole'`: all pass the same data, and each trains on its rows of every batch,
   * so that the result is that of one process with whole batches. `'part'`: each passes its own data, with the same
   * number of batches. Default: `'whole'`.
   */
  readonly data?: 'whole' | 'part'
  /**
   * Updates between two exchanges. With more than 1, each process updates its own copy of the model, and then
   * parameters and optimizer state become their means over all processes (local SGD, Stich 2019): less exact, but a
   * slow network is used less often. Default: 1.
   */
  readonly localSteps?: number
}
