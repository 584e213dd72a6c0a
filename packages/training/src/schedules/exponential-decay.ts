import { option, options } from '@recurra/tensor'
import { expectLearningRate, type Schedule } from './schedule.ts'

/** Options of `exponentialDecay`. */
export interface ExponentialDecayOptions {
  /** The factor of the learning rate. */
  readonly factor: number
  /** The number of steps per factor. Default: 1, as in PyTorch. */
  readonly every?: number
}

/**
 * Decays the learning rate exponentially: rate · factor^(step / every) (PyTorch's ExponentialLR).
 *
 * ```ts
 * import { exponentialDecay, learningRateAt } from 'recurra'
 *
 * const learningRate = exponentialDecay(0.1, { factor: 0.5, every: 100 })
 * console.log([0, 100, 200].map((step) => learningRateAt(learningRate, step, 0))) // [0.1, 0.05, 0.025]
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, or an option is unknown or invalid.
 */
export const exponentialDecay = (learningRate: number, given: ExponentialDecayOptions): Schedule => {
  const { factor, every } = options('exponentialDecay', given, {
    factor: option.required(option.positive()),
    every: option.positive(1),
  })
  expectLearningRate(learningRate, 'exponentialDecay')
  return (step) => learningRate * factor ** (step / every)
}
