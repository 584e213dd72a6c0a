import { sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { commonOptions, type CommonOptions } from './common-options.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `adagrad`. The defaults are PyTorch's. */
export interface AdagradOptions extends CommonOptions {
  /** Divides the learning rate by 1 + learningRateDecay · (steps taken). Default: 0. */
  readonly learningRateDecay?: number
  /** The initial sum of squares. Default: 0. */
  readonly start?: number
  /** Added to the divisor. Default: 1e-10. */
  readonly epsilon?: number
  /**
   * Whether epsilon is inside the root, as in min-char-rnn (with 1e-8), or added to it, as in PyTorch. Default: false.
   */
  readonly epsilonInside?: boolean
}

/**
 * Adagrad: the step of each element shrinks with the sum of its squared gradients (Duchi et al. 2011).
 *
 * ```ts
 * import { adagrad, dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const optimizer = adagrad({ learningRate: 0.5 })
 * const { losses } = await fit(model, line, { loss: meanSquaredError(), optimizer, steps: 500 })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const adagrad = (given?: AdagradOptions): Optimizer => {
  const { start, learningRateDecay, epsilon, epsilonInside, ...common } = options('adagrad', given, {
    ...commonOptions(0.01),
    learningRateDecay: option.nonNegative(0),
    start: option.nonNegative(0),
    epsilon: option.nonNegative(1e-10),
    epsilonInside: option.flag(false),
  })
  return makeOptimizer('adagrad', common, {
    settings: { learningRateDecay, epsilon, epsilonInside },
    state: { sum: start },
    scalars: ['wear'],
    fill: (to, t) => {
      to[0] = 1 + (t - 1) * learningRateDecay
    },
    update({ value, grad, sum: old, learningRate, wear }) {
      const sum = old.add(square(grad))
      const root = epsilonInside ? sqrt(sum.add(epsilon)) : sqrt(sum).add(epsilon)
      const worn = learningRateDecay === 0 ? learningRate : learningRate.div(wear)
      return { value: value.sub(worn.mul(grad).div(root)), sum }
    },
  })
}
