import { expectCount, expectWithin } from '@recurra/tensor'
import { rateAt, type Rate, type Schedule } from './schedule.ts'

/** Options of `warmUp`. */
export interface WarmUpOptions {
  /** The share of the rate to start with; 1 / steps unless said otherwise, so that the first step moves already. */
  readonly from?: number
}

/**
 * Raises the rate in a straight line during the first steps (Goyal et al. 2017), on top of what follows: the two are
 * multiplied, as by PyTorch's ChainedScheduler, so that `steps` of the other counts from the first step of all.
 *
 * ```ts
 * import { adam, cosineDecay, warmUp } from 'recurra'
 *
 * const optimizer = adam({ rate: warmUp(100, cosineDecay(2e-3)) })
 * ```
 * @throws `ConfigurationError` if `steps` is no whole number of at least 1, or `from` lies outside [0, 1].
 */
export const warmUp = (steps: number, then: Rate, { from = 1 / steps }: WarmUpOptions = {}): Schedule => {
  expectCount(steps, 'the steps of warmUp')
  expectWithin(from, 'the start of warmUp', 0, 1)
  return (step, done) => rateAt(then, step, done) * Math.min(1, from + ((1 - from) * step) / steps)
}
