import { option, options } from '@recurra/tensor'
import { along, expectLearningRate, type Schedule } from './schedule.ts'

/** Options of `cosineDecay` and `linearDecay`. */
export interface DecayOptions {
  /** The final learning rate. Default: 0. */
  readonly to?: number
  /** The number of steps of the decay. Default: the whole training, whether limited by steps, epochs or seconds. */
  readonly steps?: number
}

/** The options of `cosineDecay` and `linearDecay`. */
export const decayOptions: option.Kinds<DecayOptions, 'to'> = {
  to: option.nonNegative(0),
  steps: option.count(),
}

/**
 * Decays the learning rate along half a cosine (Loshchilov and Hutter 2017; PyTorch's CosineAnnealingLR). After `steps`
 * it rises again, as in PyTorch.
 *
 * ```ts
 * import { adam, cosineDecay } from 'recurra'
 *
 * const optimizer = adam({ learningRate: cosineDecay(2e-3) }) // 2e-3 at first, 0 at the end of the training
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, or an option is unknown or invalid.
 */
export const cosineDecay = (learningRate: number, given?: DecayOptions): Schedule => {
  const { to, steps } = options('cosineDecay', given, decayOptions)
  expectLearningRate(learningRate, 'cosineDecay')
  return (step, done) => to + ((learningRate - to) * (1 + Math.cos(Math.PI * along(steps, step, done)))) / 2
}
