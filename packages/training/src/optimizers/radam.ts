import { mix, select, sqrt, square } from '@recurra/formula'
import { options } from '@recurra/tensor'
import { commonOptions, momentOptions, type MomentOptions } from './common-options.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer } from './optimizer.ts'

/**
 * RAdam: Adam with rectified variance (Liu et al. 2020). It ignores the average of squares until its variance is small
 * enough, and then phases it in.
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
export const radam = (given?: MomentOptions): Optimizer => {
  const { beta1, beta2, epsilon, ...common } = options('radam', given, { ...commonOptions(1e-3), ...momentOptions })
  const longest = 2 / (1 - beta2) - 1
  return makeOptimizer('radam', common, {
    settings: { beta1, beta2, epsilon },
    state: { m: 0, v: 0 },
    // `rectify` is r_t · √(1 - beta2^t) from the step on where the variance is known well enough, and 0 before.
    scalars: ['correction1', 'rectify'],
    fill: (to, t) => {
      const kept = beta2 ** t
      const length = longest - (2 * t * kept) / (1 - kept) // of the average, as ρ_t in the paper
      const ratio = ((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length)
      to[0] = 1 / (1 - beta1 ** t)
      to[1] = length > 5 ? Math.sqrt(ratio * (1 - kept)) : 0
    },
    update({ value, grad, learningRate, correction1, rectify, ...old }) {
      const m = mix(beta1, grad, old.m)
      const v = mix(beta2, square(grad), old.v)
      const size = select(rectify, rectify.div(sqrt(v).add(epsilon)), 1)
      return { value: value.sub(learningRate.mul(correction1).mul(m).mul(size)), m, v }
    },
  })
}
