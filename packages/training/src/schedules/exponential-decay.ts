import { expectPositive } from '../options.ts'
import type { Schedule } from './schedule.ts'

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  /** What the rate is multiplied by. */
  readonly factor: number
  /** In so many steps; 1 unless said otherwise, as PyTorch. */
  readonly every?: number
}

/**
 * Lowers the rate by the same factor all the time: rate · factor^(step / every) (PyTorch's ExponentialLR).
 *
 * ```ts
 * import { exponentialDecay, rateAt } from 'recurra'
 *
 * const rate = exponentialDecay(0.1, { factor: 0.5, every: 100 })
 * console.log([0, 100, 200].map((step) => rateAt(rate, step, 0))) // [0.1, 0.05, 0.025]
 * ```
 * @throws `ConfigurationError` if the rate, the factor or `every` is not above 0.
 */
export const exponentialDecay = (rate: number, { factor, every = 1 }: ExponentialDecayOptions): Schedule => {
  expectPositive(rate, 'the rate of exponentialDecay')
  expectPositive(factor, 'the factor of exponentialDecay')
  expectPositive(every, 'every of exponentialDecay')
  return (step) => rate * factor ** (step / every)
}
