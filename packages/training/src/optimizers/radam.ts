import { formula, mix, select, sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import type { LearningRate } from '../schedules/schedule.ts'
import { commonOptions, decayed, optimizerOf, type CommonOptions, type Direction } from './common-options.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `radam`. The defaults are PyTorch's. */
export interface RadamOptions extends CommonOptions {
  /** The learning rate, or a schedule. Default: 0.001. */
  readonly learningRate?: LearningRate
  /** How much of the average gradient is kept at each step. Default: 0.9. */
  readonly beta1?: number
  /** How much of the average squared gradient is kept at each step. Default: 0.999. */
  readonly beta2?: number
  /** Added to the root. Default: 1e-8. */
  readonly epsilon?: number
}

/** `rectify` is r_t · √(1 - beta2^t) from the step on where the variance is known well enough, and 0 before. */
const program = (beta1: number, beta2: number, epsilon: number) => (direction: Direction) =>
  formula({ element: ['value', 'grad', 'm', 'v'], scalar: ['learningRate', 'fix1', 'rectify'] }, (now) => {
    const g = decayed(now.grad, now.value, direction)
    const m = mix(beta1, g, now.m)
    const v = mix(beta2, square(g), now.v)
    const size = select(now.rectify, now.rectify.div(sqrt(v).add(epsilon)), 1)
    return { value: now.value.sub(now.learningRate.mul(now.fix1).mul(m).mul(size)), m, v }
  })

/**
 * RAdam: Adam that does without the average of squares as long as it is too uncertain, and then trusts it more and more
 * (Liu et al. 2020).
 *
 * ```ts
 * import { dense, fit, meanSquaredError, radam, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, {
 *   loss: meanSquaredError(), optimizer: radam({ learningRate: 0.1 }), steps: 500,
 * })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const radam = (given?: RadamOptions): Optimizer => {
  const { beta1, beta2, epsilon, ...common } = options('radam', given, {
    ...commonOptions(1e-3),
    beta1: option.fraction(0.9),
    beta2: option.fraction(0.999),
    epsilon: option.nonNegative(1e-8),
  })
  const longest = 2 / (1 - beta2) - 1
  return {
    ...optimizerOf('radam', common, program(beta1, beta2, epsilon), { beta1, beta2, epsilon }),
    state: { m: 0, v: 0 },
    scalars: ['fix1', 'rectify'],
    fill: (to, t) => {
      const kept = beta2 ** t
      const length = longest - (2 * t * kept) / (1 - kept) // of the average, as ρ_t in the paper
      const ratio = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length)
      to[0] = 1 / (1 - beta1 ** t)
      to[1] = length > 5 ? Math.sqrt(ratio * (1 - kept)) : 0
    },
  }
}
