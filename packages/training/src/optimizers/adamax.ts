import { abs, max, mix } from '@recurra/formula'
import { options } from '@recurra/tensor'
import { commonOptions, momentOptions, type MomentOptions } from './common-options.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer } from './optimizer.ts'

/**
 * Adamax: Adam with the infinity norm of past gradients in place of the average of squares (Kingma and Ba 2015, section
 * 7).
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
export const adamax = (given?: MomentOptions): Optimizer => {
  const { beta1, beta2, epsilon, ...common } = options('adamax', given, { ...commonOptions(2e-3), ...momentOptions })
  return makeOptimizer('adamax', common, {
    settings: { beta1, beta2, epsilon },
    state: { m: 0, top: 0 },
    scalars: ['correction1'],
    fill: (to, t) => {
      to[0] = 1 / (1 - beta1 ** t)
    },
    update({ value, grad, learningRate, correction1, ...old }) {
      const m = mix(beta1, grad, old.m)
      const top = max(old.top.mul(beta2), abs(grad).add(epsilon))
      return { value: value.sub(learningRate.mul(correction1).mul(m).div(top)), m, top }
    },
  })
}
