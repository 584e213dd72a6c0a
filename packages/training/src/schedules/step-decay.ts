import { expectCount } from '@recurra/tensor'
import { expectPositive } from '../options.ts'
import type { Schedule } from './schedule.ts'

/** Options of `stepDecay`. */
export interface StepDecayOptions {
  /** How many steps each rate lasts. */
  readonly every: number
  /** What the rate is multiplied by after them; 0.1 unless said otherwise, as PyTorch. */
  readonly factor?: number
}

/**
 * Drops the rate at once, every so many steps: rate · factor^⌊step / every⌋ (PyTorch's StepLR).
 *
 * ```ts
 * import { rateAt, stepDecay } from 'recurra'
 *
 * const rate = stepDecay(0.5, { every: 100, factor: 0.5 })
 * console.log([0, 99, 100].map((step) => rateAt(rate, step, 0))) // [0.5, 0.5, 0.25]
 * ```
 * @throws `ConfigurationError` if the rate or the factor is not above 0, or `every` no whole number of at least 1.
 */
export const stepDecay = (rate: number, { every, factor = 0.1 }: StepDecayOptions): Schedule => {
  expectPositive(rate, 'the rate of stepDecay')
  expectPositive(factor, 'the factor of stepDecay')
  expectCount(every, 'every of stepDecay')
  return (step) => rate * factor ** Math.floor(step / every)
}
