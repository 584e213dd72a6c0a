import { option, type Option } from '@recurra/tensor'
import type { LearningRate } from '../schedules/schedule.ts'

/** Options that all optimizers take. */
export interface CommonOptions {
  /**
   * The learning rate, or a schedule. Defaults, as in PyTorch: 0.001 of adam, adamW and radam, 0.002 of adamax and
   * nadam, 0.01 of adagrad and rmsprop, 1 of adadelta; and 0.01 of sgd, for which PyTorch has none.
   */
  readonly learningRate?: LearningRate
  /** Adds this much of the value to its gradient. Default: 0. */
  readonly weightDecay?: number
  /** Makes the loss large rather than small: goes along the gradient. Default: false. */
  readonly maximize?: boolean
  /** Parameters with a learning rate or a weight decay of their own; the others have those of the optimizer. */
  readonly groups?: readonly ParameterGroup[]
}

/** Options of Adam and of what was made of it. The defaults are PyTorch's. */
export interface MomentOptions extends CommonOptions {
  /** How much of the average gradient is kept at each step. Default: 0.9. */
  readonly beta1?: number
  /** How much of the average squared gradient is kept at each step; in adamax of the largest one. Default: 0.999. */
  readonly beta2?: number
  /** Added to the root; in adamax to the magnitude of each gradient. Default: 1e-8. */
  readonly epsilon?: number
}

/**
 * Some of the parameters, with options of their own (PyTorch's parameter groups).
 *
 * ```ts
 * import { adam, type ParameterGroup } from 'recurra'
 *
 // all parameters of the layer that is named encoder
 * const frozen: ParameterGroup = { parameters: 'encoder', learningRate: 0 }
 * const biases: ParameterGroup = { parameters: (path) => path.endsWith('bias'), weightDecay: 0 }
 * const optimizer = adam({ learningRate: 1e-3, weightDecay: 0.01, groups: [frozen, biases] })
 * ```
 */
export interface ParameterGroup {
  /**
   * Which: the name or the place of a layer (`'head'`, `'0'`), the path of a parameter (`'0.weight'`), several of them,
   * or a function that is given the path of each. No parameter may be in two groups, and no group without any.
   */
  readonly parameters: string | readonly string[] | ((path: string) => boolean)
  /** The learning rate, or a schedule; with 0 the parameters stay as they are. Default: that of the optimizer. */
  readonly learningRate?: LearningRate
  /** Default: that of the optimizer. */
  readonly weightDecay?: number
}

/** A learning rate: fixed, or a schedule, which is looked at step by step. */
export const learningRateOption = (
  least: Option<number | undefined>, learningRate: LearningRate,
): Option<LearningRate> =>
  option.checked<LearningRate>(
    `${least.expected}, or a schedule`,
    (value) => typeof value === 'function' || least.fits(value),
  )(learningRate)

/** What `options` checks of those that all take. */
export const commonOptions = (
  learningRate: number, weightDecay = 0,
): option.Kinds<CommonOptions, keyof CommonOptions> => ({
  learningRate: learningRateOption(option.positive(), learningRate),
  weightDecay: option.nonNegative(weightDecay),
  maximize: option.flag(false),
  groups: option.checked<readonly ParameterGroup[]>(
    'a list of groups, { parameters, learningRate, weightDecay }',
    Array.isArray,
  )([]),
})

/** And of those of Adam and of what was made of it. */
export const momentOptions: {
  readonly [Name in 'beta1' | 'beta2' | 'epsilon']: Option<number>
} = { beta1: option.fraction(0.9), beta2: option.fraction(0.999), epsilon: option.nonNegative(1e-8) }
