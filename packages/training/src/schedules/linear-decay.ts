import { options } from '@recurra/tensor'
import { decayOptions, type DecayOptions } from './cosine-decay.ts'
import { along, expectRate, type Schedule } from './schedule.ts'

/**
 * Moves the rate in a straight line and leaves it there (PyTorch's LinearLR).
 *
 * ```ts
 * import { linearDecay, rateAt } from 'recurra'
 *
 * const rate = linearDecay(0.5, { steps: 10 })
 * console.log([0, 5, 10, 15].map((step) => rateAt(rate, step, 0))) // [0.5, 0.25, 0, 0]
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, or an option is not known, or does not fit.
 */
export const linearDecay = (rate: number, given?: DecayOptions): Schedule => {
  const { to, steps } = options('linearDecay', given, decayOptions)
  expectRate(rate, 'linearDecay')
  return (step, done) => rate + (to - rate) * Math.min(1, along(steps, step, done))
}
