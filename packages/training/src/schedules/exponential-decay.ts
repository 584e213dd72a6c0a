import { expectPositive } from '../options.ts'
import type { Schedule } from './schedule.ts'

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  /** What the rate is multiplied by. */
  readonly factor: number
  /** In so many steps; 1 unless said otherwise, as PyTorch. */
  readonly every?: number
}

/** Lowers the rate by the same factor all the time: rate · factor^(step / every) (PyTorch's ExponentialLR). */
export const exponentialDecay = (rate: number, { factor, every = 1 }: ExponentialDecayOptions): Schedule => {
  expectPositive(rate, 'the rate of exponentialDecay')
  expectPositive(factor, 'the factor of exponentialDecay')
  expectPositive(every, 'every of exponentialDecay')
  return (step) => rate * factor ** (step / every)
}
