import { expectCount } from '@recurra/tensor'
import { expectNotNegative, expectPositive } from '../options.ts'
import type { DecayOptions } from './cosine-decay.ts'
import { along, type Schedule } from './schedule.ts'

/**
 * Moves the rate in a straight line and leaves it there (PyTorch's LinearLR).
 *
 * ```ts
 * import { linearDecay, rateAt } from 'recurra'
 *
 * const rate = linearDecay(0.5, { steps: 10 })
 * console.log([0, 5, 10, 15].map((step) => rateAt(rate, step, 0))) // [0.5, 0.25, 0, 0]
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, `to` below 0, or `steps` no whole number of at least 1.
 */
export const linearDecay = (rate: number, { to = 0, steps }: DecayOptions = {}): Schedule => {
  expectPositive(rate, 'the rate of linearDecay')
  expectNotNegative(to, 'the end of linearDecay')
  if (steps !== undefined) expectCount(steps, 'the steps of linearDecay')
  return (step, done) => rate + (to - rate) * Math.min(1, along(steps, step, done))
}
