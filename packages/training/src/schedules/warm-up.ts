import { ConfigurationError, describeValue, expectCount, option, options } from '@recurra/tensor'
import { learningRateAt, type LearningRate, type Schedule } from './schedule.ts'

/** Options of `warmUp`. */
export interface WarmUpOptions {
  /** The initial fraction of the learning rate. Default: 1 / steps. */
  readonly from?: number
}

/**
 * Raises the learning rate linearly during the first steps (Goyal et al. 2017). It is multiplied by the schedule that
 * follows, as in PyTorch's ChainedScheduler, so the `steps` of that schedule count from the first step of training.
 *
 * ```ts
 * import { adam, cosineDecay, warmUp } from 'recurra'
 *
 * const optimizer = adam({ learningRate: warmUp(100, cosineDecay(2e-3)) })
 * ```
 * @throws `ConfigurationError` if `steps` is not a positive integer, or an option is unknown or invalid.
 */
export const warmUp = (steps: number, then: LearningRate, given?: WarmUpOptions): Schedule => {
  expectCount(steps, 'the steps of warmUp')
  const { from } = options('warmUp', given, { from: option.within(0, 1)(1 / steps) })
  if (!(typeof then === 'number' && then >= 0 && then < Infinity) && typeof then !== 'function')
    throw new ConfigurationError({
      where: 'warmUp',
      expected: 'the rate or the schedule that follows',
      got: describeValue(then),
      fix: 'Pass it as the second argument: warmUp(100, 1e-3), or warmUp(100, cosineDecay(1e-3)).',
    })
  return (step, done, measured) =>
    learningRateAt(then, step, done, measured) * Math.min(1, from + ((1 - from) * step) / steps)
}
