import { constant, formula, mix, sqrt, square, type Expression } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import type { LearningRate } from '../schedules/schedule.ts'
import { commonOptions, decayed, optimizerOf, type CommonOptions, type Direction } from './common-options.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `rmsprop`. The defaults are PyTorch's. */
export interface RmspropOptions extends CommonOptions {
  /** The learning rate, or a schedule. Default: 0.01. */
  readonly learningRate?: LearningRate
  /** How much of the average of squares is kept at each step. Default: 0.99. */
  readonly alpha?: number
  /** How much of the last velocity is kept. Default: 0. */
  readonly momentum?: number
  /** Divides by the deviation from the average gradient, rather than from 0 (Graves 2013). Default: false. */
  readonly centered?: boolean
  /** Added to the root. Default: 1e-8. */
  readonly epsilon?: number
}

type Constants = Required<Pick<RmspropOptions, 'alpha' | 'momentum' | 'centered' | 'epsilon'>>

const program = ({ alpha, momentum, centered, epsilon }: Constants) => (direction: Direction) =>
  formula({ element: ['value', 'grad', 'power', 'mean', 'velocity'], scalar: ['learningRate'] }, (now) => {
    const g = decayed(now.grad, now.value, direction)
    const power = mix(alpha, square(g), now.power)
    const mean = mix(alpha, g, now.mean)
    const step = g.div(sqrt(centered ? power.sub(square(mean)) : power).add(epsilon))
    const velocity = constant(momentum).mul(now.velocity).add(step)
    const next: { [output: string]: Expression } = {
      value: now.value.sub(now.learningRate.mul(momentum ? velocity : step)),
      power,
    }
    if (centered) next['mean'] = mean
    if (momentum) next['velocity'] = velocity
    return next
  })

/**
 * RMSProp: each number's step is divided by the running size of its gradients (Tieleman and Hinton 2012).
 *
 * ```ts
 * import { dense, fit, meanSquaredError, rmsprop, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const optimizer = rmsprop({ learningRate: 0.01 })
 * const { losses } = await fit(model, line, { loss: meanSquaredError(), optimizer, steps: 500 })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const rmsprop = (given?: RmspropOptions): Optimizer => {
  const { alpha, momentum, centered, epsilon, ...common } = options('rmsprop', given, {
    ...commonOptions(0.01),
    alpha: option.fraction(0.99),
    momentum: option.nonNegative(0),
    centered: option.flag(false),
    epsilon: option.nonNegative(1e-8),
  })
  const constants = { alpha, momentum, centered, epsilon }
  return {
    ...optimizerOf('rmsprop', common, program(constants), constants),
    state: { power: 0, ...(centered && { mean: 0 }), ...(momentum && { velocity: 0 }) },
  }
}
