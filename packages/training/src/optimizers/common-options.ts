import { option, type Option } from '@recurra/tensor'
import type { LearningRate } from '../schedules/schedule.ts'

/** Options that all optimizers take. */
export interface CommonOptions {
  /**
   * The learning rate, or a schedule. The defaults are PyTorch's, except that PyTorch 1.13 has none for sgd. Default:
   * 0.001 for adam, adamW and radam; 0.002 for adamax and nadam; 0.01 for adagrad, rmsprop and sgd; 1 for adadelta.
   */
  readonly learningRate?: LearningRate
  /** Adds weightDecay · value to the gradient. Default: 0. */
  readonly weightDecay?: number
  /** Whether to maximize the loss. Default: false. */
  readonly maximize?: boolean
  /**
   * Parameters with their own learning rate or weight decay; the others use those of the optimizer. Default: no
   * groups.
   */
  readonly groups?: readonly ParameterGroup[]
}

/** Options of Adam and its variants. The defaults are PyTorch's. */
export interface MomentOptions extends CommonOptions {
  /** The decay of the running average of the gradient. Default: 0.9. */
  readonly beta1?: number
  /** The decay of the running average of the squared gradient, or of the infinity norm in adamax. Default: 0.999. */
  readonly beta2?: number
  /** Added to the root, or in adamax to the magnitude of each gradient. Default: 1e-8. */
  readonly epsilon?: number
}

/**
 * Parameters with their own options (PyTorch's parameter groups).
 *
 * ```ts
 * import { adam, type ParameterGroup } from 'recurra'
 *
 * // all parameters of the layer that is named encoder
 * const frozen: ParameterGroup = { parameters: 'encoder', learningRate: 0 }
 * const biases: ParameterGroup = { parameters: (path) => path.endsWith('bias'), weightDecay: 0 }
 * const optimizer = adam({ learningRate: 1e-3, weightDecay: 0.01, groups: [frozen, biases] })
 * ```
 */
export interface ParameterGroup {
  /**
   * The parameters: the name or index of a layer (`'head'`, `'0'`), the path of a parameter (`'0.weight'`), a list of
   * these, or a function of the path. A parameter may be in only one group, and each group needs at least one.
   */
  readonly parameters: string | readonly string[] | ((path: string) => boolean)
  /** The learning rate, or a schedule; 0 freezes the parameters. Default: the learning rate of the optimizer. */
  readonly learningRate?: LearningRate
  /** Default: the weight decay of the optimizer. */
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
