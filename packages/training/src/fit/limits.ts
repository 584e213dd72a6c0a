/** The limits of a training run; it ends at the first one that it reaches. Default: one epoch. */
export interface Limits {
  /** Maximum number of epochs. Default: no limit; 1 where no other limit is given. */
  readonly epochs?: number | undefined
  /** Maximum number of parameter updates. Default: no limit. */
  readonly steps?: number | undefined
  /** Maximum time in seconds, including validation. Default: no limit. */
  readonly seconds?: number | undefined
}

/**
 * A function that tells the fraction of the training that is over, from 0 to 1, after a number of steps, seconds and
 * whole epochs.
 */
export const doneBy = (
  { epochs, steps, seconds }: Limits,
  batches: number,
): ((step: number, elapsed: number, epochs: number) => number) => {
  const passes = epochs ?? ((steps ?? seconds) === undefined ? 1 : Infinity)
  const most = Math.min(passes * batches, steps ?? Infinity)
  const time = seconds ?? Infinity
  return (step, elapsed, over) => Math.min(1, Math.max(step / most, elapsed / time, over / passes))
}
