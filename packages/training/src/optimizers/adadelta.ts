import { mix, sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { commonOptions, type CommonOptions } from './common-options.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `adadelta`. The defaults are PyTorch's. */
export interface AdadeltaOptions extends CommonOptions {
  /** The decay of both running averages. Default: 0.9. */
  readonly rho?: number
  /** Added to both averages under their roots. Default: 1e-6. */
  readonly epsilon?: number
}

/**
 * Adadelta: steps in the units of the parameter, from running averages of the squared gradients and of the squared
 * steps (Zeiler 2012).
 *
 * ```ts
 * import { adadelta, dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const optimizer = adadelta({ learningRate: 1 })
 * const { losses } = await fit(model, line, { loss: meanSquaredError(), optimizer, steps: 1000 })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const adadelta = (given?: AdadeltaOptions): Optimizer => {
  const { rho, epsilon, ...common } = options('adadelta', given, {
    ...commonOptions(1),
    rho: option.fraction(0.9),
    epsilon: option.nonNegative(1e-6),
  })
  return makeOptimizer('adadelta', common, {
    settings: { rho, epsilon },
    state: { power: 0, moved: 0 },
    update({ value, grad, power: old, moved, learningRate }) {
      const power = mix(rho, square(grad), old)
      const step = sqrt(moved.add(epsilon)).div(sqrt(power.add(epsilon))).mul(grad)
      return { value: value.sub(learningRate.mul(step)), power, moved: mix(rho, square(step), moved) }
    },
  })
}
