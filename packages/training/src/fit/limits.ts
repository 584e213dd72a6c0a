/** How long training lasts: until the first of these is reached; one epoch if there are none. */
export interface Limits {
  /** Passes over the data. */
  readonly epochs?: number | undefined
  /** Updates of the parameters. */
  readonly steps?: number | undefined
  /** Time in seconds, validation included. */
  readonly seconds?: number | undefined
}

/**
 * A function that tells the share of the training that is over, from 0 to 1, after a number of steps, seconds and whole
 * epochs.
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
