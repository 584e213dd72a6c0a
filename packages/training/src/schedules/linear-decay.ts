import { options } from '@recurra/tensor'
import { decayOptions, type DecayOptions } from './cosine-decay.ts'
import { along, expectLearningRate, type Schedule } from './schedule.ts'

/**
 * Changes the learning rate linearly to its final value, and keeps it there (PyTorch's LinearLR).
 *
 * ```ts
 * import { linearDecay, learningRateAt } from 'recurra'
 *
 * const learningRate = linearDecay(0.5, { steps: 10 })
 * console.log([0, 5, 10, 15].map((step) => learningRateAt(learningRate, step, 0))) // [0.5, 0.25, 0, 0]
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, or an option is unknown or invalid.
 */
export const linearDecay = (learningRate: number, given?: DecayOptions): Schedule => {
  const { to, steps } = options('linearDecay', given, decayOptions)
  expectLearningRate(learningRate, 'linearDecay')
  return (step, done) => learningRate + (to - learningRate) * Math.min(1, along(steps, step, done))
}
