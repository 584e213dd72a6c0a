import { mix, sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { commonOptions, momentOptions, type MomentOptions } from './common-options.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `nadam`. The defaults are PyTorch's. */
export interface NadamOptions extends MomentOptions {
  /** How fast the momentum comes up to beta1. Default: 0.004. */
  readonly momentumDecay?: number
}

/**
 * NAdam: Adam with Nesterov momentum μ, which is warmed up over the first steps (Dozat 2016), computed as PyTorch 1.13
 * does by default: its correction of the average divides by 1 - μ₁…μₜ·μₜ·μₜ₊₁, where the paper, and PyTorch 1.13 with
 * `foreach=True`, have μₜ once (`findings/torch-nadam-foreach.sh`).
 *
 * ```ts
 * import { dense, fit, meanSquaredError, nadam, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, {
 *   loss: meanSquaredError(), optimizer: nadam({ learningRate: 0.1 }), steps: 500,
 * })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const nadam = (given?: NadamOptions): Optimizer => {
  const { beta1, beta2, epsilon, momentumDecay, ...common } = options('nadam', given, {
    ...commonOptions(2e-3), ...momentOptions, momentumDecay: option.nonNegative(4e-3),
  })
  const momentum = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay))
  // The product of the momenta of all steps until t, remembered: after a step comes the next, as a rule.
  let [counted, product] = [0, 1]
  const productUntil = (t: number): number => {
    if (t < counted) [counted, product] = [0, 1]
    while (counted < t) product *= momentum(++counted)
    return product
  }
  return makeOptimizer('nadam', common, {
    settings: { beta1, beta2, epsilon, momentumDecay },
    state: { m: 0, v: 0 },
    // own and past: the shares of the gradient and of the average, corrected for their start at 0
    scalars: ['own', 'past', 'correction2'],
    fill: (to, t) => {
      const [now, next, until] = [momentum(t), momentum(t + 1), productUntil(t)]
      to[0] = (1 - now) / (1 - until)
      to[1] = next / (1 - until * now * next)
      to[2] = 1 / (1 - beta2 ** t)
    },
    update({ value, grad, learningRate, own, past, correction2, ...old }) {
      const m = mix(beta1, grad, old.m)
      const v = mix(beta2, square(grad), old.v)
      const step = own.mul(grad).add(past.mul(m)).div(sqrt(v.mul(correction2)).add(epsilon))
      return { value: value.sub(learningRate.mul(step)), m, v }
    },
  })
}
