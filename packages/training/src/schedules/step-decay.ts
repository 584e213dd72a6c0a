import { option, options } from '@recurra/tensor'
import { expectLearningRate, type Schedule } from './schedule.ts'

/** Options of `stepDecay`. */
export interface StepDecayOptions {
  /** The number of steps between two reductions. */
  readonly every: number
  /** The factor of the learning rate. Default: 0.1, as in PyTorch. */
  readonly factor?: number
}

/**
 * Lowers the learning rate every `every` steps: rate · factor^⌊step / every⌋ (PyTorch's StepLR).
 *
 * ```ts
 * import { learningRateAt, stepDecay } from 'recurra'
 *
 * const learningRate = stepDecay(0.5, { every: 100, factor: 0.5 })
 * console.log([0, 99, 100].map((step) => learningRateAt(learningRate, step, 0))) // [0.5, 0.5, 0.25]
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, or an option is unknown or invalid.
 */
export const stepDecay = (learningRate: number, given: StepDecayOptions): Schedule => {
  const { every, factor } = options('stepDecay', given, {
    every: option.required(option.count()),
    factor: option.positive(0.1),
  })
  expectLearningRate(learningRate, 'stepDecay')
  return (step) => learningRate * factor ** Math.floor(step / every)
}
