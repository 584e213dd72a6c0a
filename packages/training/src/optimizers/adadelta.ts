import { formula, mix, sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import type { LearningRate } from '../schedules/schedule.ts'
import { commonOptions, decayed, optimizerOf, type CommonOptions, type Direction } from './common-options.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `adadelta`. The defaults are PyTorch's. */
export interface AdadeltaOptions extends CommonOptions {
  /** What each step is multiplied by, or a schedule of it. Default: 1. */
  readonly learningRate?: LearningRate
  /** How much of both averages is kept at each step. Default: 0.9. */
  readonly rho?: number
  /** Added to both averages under their roots. Default: 1e-6. */
  readonly epsilon?: number
}

const program = (rho: number, epsilon: number) => (direction: Direction) =>
  formula(
    { element: ['value', 'grad', 'power', 'moved'], scalar: ['learningRate'] },
    ({ value, grad, power: old, moved, learningRate }) => {
      const g = decayed(grad, value, direction)
      const power = mix(rho, square(g), old)
      const step = sqrt(moved.add(epsilon)).div(sqrt(power.add(epsilon))).mul(g)
      return { value: value.sub(learningRate.mul(step)), power, moved: mix(rho, square(step), moved) }
    },
  )

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
  return { ...optimizerOf('adadelta', common, program(rho, epsilon), { rho, epsilon }), state: { power: 0, moved: 0 } }
}
