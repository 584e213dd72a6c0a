import { constant, mix, sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { commonOptions, type CommonOptions } from './common-options.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `rmsprop`. The defaults are PyTorch's. */
export interface RmspropOptions extends CommonOptions {
  /** The decay of the running average of squares. Default: 0.99. */
  readonly alpha?: number
  /** The momentum factor. Default: 0. */
  readonly momentum?: number
  /**
   * Whether to divide by the standard deviation of the gradient, and not by its root mean square (Graves 2013).
   * Default: false.
   */
  readonly centered?: boolean
  /** Added to the root. Default: 1e-8. */
  readonly epsilon?: number
}

/**
 * RMSProp: divides the step of each element by the root of a running average of its squared gradients (Tieleman and
 * Hinton 2012).
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
  return makeOptimizer('rmsprop', common, {
    settings: { alpha, momentum, centered, epsilon },
    state: { power: 0, mean: 0, velocity: 0 },
    update({ value, grad, learningRate, ...old }) {
      const power = mix(alpha, square(grad), old.power)
      const mean = mix(alpha, grad, old.mean)
      const step = grad.div(sqrt(centered ? power.sub(square(mean)) : power).add(epsilon))
      const velocity = constant(momentum).mul(old.velocity).add(step)
      return {
        value: value.sub(learningRate.mul(momentum ? velocity : step)),
        power,
        ...(centered && { mean }),
        ...(momentum && { velocity }),
      }
    },
  })
}
