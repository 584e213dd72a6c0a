import { expectCount } from '@recurra/tensor'
import { expectNotNegative, expectPositive } from '../options.ts'
import { along, type Schedule } from './schedule.ts'

/** Options of `cosineDecay` and `linearDecay`. */
export interface DecayOptions {
  /** The rate at the end; 0 unless said otherwise. */
  readonly to?: number
  /** How many steps it takes; the whole training, be it counted in steps, epochs or seconds, unless said otherwise. */
  readonly steps?: number
}

/**
 * Lowers the rate along half a cosine (Loshchilov and Hutter 2017; PyTorch's CosineAnnealingLR). Beyond its `steps` it
 * climbs again, as PyTorch's does.
 *
 * ```ts
 * import { adam, cosineDecay } from 'recurra'
 *
 * const optimizer = adam({ rate: cosineDecay(2e-3) }) // 2e-3 at first, 0 at the end of the training
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, `to` below 0, or `steps` no whole number of at least 1.
 */
export const cosineDecay = (rate: number, { to = 0, steps }: DecayOptions = {}): Schedule => {
  expectPositive(rate, 'the rate of cosineDecay')
  expectNotNegative(to, 'the end of cosineDecay')
  if (steps !== undefined) expectCount(steps, 'the steps of cosineDecay')
  return (step, done) => to + ((rate - to) * (1 + Math.cos(Math.PI * along(steps, step, done)))) / 2
}
