import { option, options } from '@recurra/tensor'
import { expectLearningRate, type Schedule } from './schedule.ts'

/** Options of `multiStepDecay`. */
export interface MultiStepDecayOptions {
  /** The steps at which to lower the learning rate, in ascending order; a repeated step counts twice. */
  readonly milestones: readonly number[]
  /** The factor of the learning rate at each of them. Default: 0.1, as in PyTorch. */
  readonly factor?: number
}

const ascend = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 &&
  value.every(
    (step: unknown, i) =>
      Number.isSafeInteger(step) && (step as number) >= 1 && (i === 0 || (step as number) >= (value[i - 1] as number)),
  )

/**
 * Lowers the learning rate at given steps: rate · factor^(milestones reached) (PyTorch's MultiStepLR).
 *
 * ```ts
 * import { multiStepDecay, learningRateAt } from 'recurra'
 *
 * const learningRate = multiStepDecay(0.5, { milestones: [100, 300], factor: 0.5 })
 * console.log([0, 99, 100, 300].map((step) => learningRateAt(learningRate, step, 0))) // [0.5, 0.5, 0.25, 0.125]
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, or an option is unknown or invalid.
 */
export const multiStepDecay = (learningRate: number, given: MultiStepDecayOptions): Schedule => {
  const { milestones, factor } = options('multiStepDecay', given, {
    milestones: option.required(option.checked<readonly number[]>('a list of ascending steps of at least 1', ascend)()),
    factor: option.positive(0.1),
  })
  expectLearningRate(learningRate, 'multiStepDecay')
  return (step) => {
    let reached = 0
    while (reached < milestones.length && milestones[reached]! <= step) reached++
    return learningRate * factor ** reached
  }
}
