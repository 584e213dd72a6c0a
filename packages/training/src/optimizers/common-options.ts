import type { Expression, Program } from '@recurra/formula'
import { option, options, type Option } from '@recurra/tensor'
import type { LearningRate } from '../schedules/schedule.ts'
import type { Optimizer, OptimizerGroup } from './optimizer.ts'

/** Options that all optimizers take. */
export interface CommonOptions {
  /** Adds this much of the value to its gradient. Default: 0. */
  readonly weightDecay?: number
  /** Makes the loss large rather than small: goes along the gradient. Default: false. */
  readonly maximize?: boolean
  /** Parameters with a learning rate or a weight decay of their own; the others have those of the optimizer. */
  readonly groups?: readonly ParameterGroup[]
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

/** What the formula of an optimizer is made with. */
export interface Direction {
  readonly weightDecay: number
  readonly maximize: boolean
}

const learningRateOption = (least: Option<number | undefined>) =>
  option.checked<LearningRate>(
    `${least.expected}, or a schedule`,
    (value) => typeof value === 'function' || least.fits(value),
  )

/** What `options` checks of them. The learning rate is fixed, or a schedule, which is looked at step by step. */
export const commonOptions = (learningRate: number, weightDecay = 0): {
  readonly learningRate: Option<LearningRate>
  readonly weightDecay: Option<number>
  readonly maximize: Option<boolean>
  readonly groups: Option<readonly ParameterGroup[]>
} => ({
  learningRate: learningRateOption(option.positive())(learningRate),
  weightDecay: option.nonNegative(weightDecay),
  maximize: option.flag(false),
  groups: option.checked<readonly ParameterGroup[]>(
    'a list of groups, { parameters, learningRate, weightDecay }',
    Array.isArray,
  )([]),
})

const isName = (value: unknown): boolean => typeof value === 'string' && value !== ''

/**
 * What an optimizer is called and does, for all parameters and for each group; `make` gives its formula, which has
 * the constants `own` besides.
 * @throws `ConfigurationError` if an option of a group is unknown or invalid.
 */
export const optimizerOf = (
  type: string,
  { learningRate, groups, weightDecay, maximize }: Required<CommonOptions> & { readonly learningRate: LearningRate },
  make: (direction: Direction) => Program,
  own: Optimizer['settings'],
): Pick<Optimizer, 'type' | 'learningRate' | 'program' | 'groups' | 'settings'> => {
  const program = make({ weightDecay, maximize })
  const grouped = groups.map((given, i): OptimizerGroup => {
    const chosen = options(`${type}, group ${i}`, given, {
      parameters: option.required(
        option.checked<ParameterGroup['parameters']>(
          'names of layers or parameters, or a function of the path',
          (value) =>
            isName(value) || typeof value === 'function' ||
            (Array.isArray(value) && value.length > 0 && value.every(isName)),
        )(),
      ),
      learningRate: learningRateOption(option.nonNegative())(learningRate),
      weightDecay: option.nonNegative(weightDecay),
    })
    const { parameters } = chosen
    const names = typeof parameters === 'function' ? [] : [parameters].flat()
    return {
      described: typeof parameters === 'function' ? 'its function' : names.join(', '),
      includes:
        typeof parameters === 'function'
          ? parameters
          : (path) => names.some((name) => path === name || path.startsWith(`${name}.`)),
      learningRate: chosen.learningRate,
      program: chosen.weightDecay === weightDecay ? program : make({ weightDecay: chosen.weightDecay, maximize }),
      settings: { weightDecay: chosen.weightDecay },
    }
  })
  const settings = { ...own, weightDecay, maximize }
  return { type, learningRate, program, settings, ...(grouped.length > 0 && { groups: grouped }) }
}

/** The gradient as it is to be followed: that of the loss, or against it. */
export const followed = (grad: Expression, { maximize }: Direction): Expression => (maximize ? grad.neg() : grad)

/** The same plus decay/2 · value²: weight decay as PyTorch's optimizers (but AdamW) have it. */
export const decayed = (grad: Expression, value: Expression, direction: Direction): Expression => {
  const g = followed(grad, direction)
  return direction.weightDecay === 0 ? g : g.add(value.mul(direction.weightDecay))
}
