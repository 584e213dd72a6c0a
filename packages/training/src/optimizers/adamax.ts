import { abs, formula, max, mix } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import type { LearningRate } from '../schedules/schedule.ts'
import { commonOptions, decayed, optimizerOf, type CommonOptions, type Direction } from './common-options.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `adamax`. The defaults are PyTorch's. */
export interface AdamaxOptions extends CommonOptions {
  /** The learning rate, or a schedule. Default: 0.002. */
  readonly learningRate?: LearningRate
  /** How much of the average gradient is kept at each step. Default: 0.9. */
  readonly beta1?: number
  /** How much of the largest gradient is kept at each step. Default: 0.999. */
  readonly beta2?: number
  /** Added to the magnitude of each gradient. Default: 1e-8. */
  readonly epsilon?: number
}

const program = (beta1: number, beta2: number, epsilon: number) => (direction: Direction) =>
  formula({ element: ['value', 'grad', 'm', 'top'], scalar: ['learningRate', 'fix1'] }, (now) => {
    const g = decayed(now.grad, now.value, direction)
    const m = mix(beta1, g, now.m)
    const top = max(now.top.mul(beta2), abs(g).add(epsilon))
    return { value: now.value.sub(now.learningRate.mul(now.fix1).mul(m).div(top)), m, top }
  })

/**
 * Adamax: Adam with the largest of the fading magnitudes in place of the average of squares (Kingma and Ba 2015,
 * section 7).
 *
 * ```ts
 * import { adamax, dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, {
 *   loss: meanSquaredError(), optimizer: adamax({ learningRate: 0.1 }), steps: 500,
 * })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const adamax = (given?: AdamaxOptions): Optimizer => {
  const { beta1, beta2, epsilon, ...common } = options('adamax', given, {
    ...commonOptions(2e-3),
    beta1: option.fraction(0.9),
    beta2: option.fraction(0.999),
    epsilon: option.nonNegative(1e-8),
  })
  return {
    ...optimizerOf('adamax', common, program(beta1, beta2, epsilon), { beta1, beta2, epsilon }),
    state: { m: 0, top: 0 },
    scalars: ['fix1'],
    fill: (to, t) => {
      to[0] = 1 / (1 - beta1 ** t)
    },
  }
}
