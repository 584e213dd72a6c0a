import { constant, max, mix, sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import { commonOptions, momentOptions, type MomentOptions } from './common-options.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `adam` and `adamW`. The defaults are PyTorch's. */
export interface AdamOptions extends MomentOptions {
  /**
   * adam adds weightDecay · value to the gradient; adamW subtracts learningRate · weightDecay · value from the value.
   * Default: 0 for adam; 0.01 for adamW.
   */
  readonly weightDecay?: number
  /** Whether to divide by the maximum of the averages of squares so far (Reddi et al. 2018). Default: false. */
  readonly amsgrad?: boolean
}

/**
 * `decoupled`: the decay is subtracted from the value itself, past the averages; otherwise `grad` contains it already.
 * correction1 = 1 / (1 - beta1^t) and correction2 = 1 / (1 - beta2^t) undo the bias of averages that began at 0.
 */
const adamWith = (type: string, decoupled: boolean) => (given?: AdamOptions): Optimizer => {
  const { beta1, beta2, epsilon, amsgrad, ...common } = options(type, given, {
    ...commonOptions(1e-3, decoupled ? 0.01 : 0), ...momentOptions, amsgrad: option.flag(false),
  })
  return makeOptimizer(type, common, {
    settings: { beta1, beta2, epsilon, amsgrad },
    state: { m: 0, v: 0, top: 0 }, // top: the maximum of v, for amsgrad
    scalars: ['correction1', 'correction2'],
    fill: (to, t) => {
      to[0] = 1 / (1 - beta1 ** t)
      to[1] = 1 / (1 - beta2 ** t)
    },
    decoupled,
    update({ value, grad, learningRate, correction1, correction2, ...old }, weightDecay) {
      const m = mix(beta1, grad, old.m)
      const v = mix(beta2, square(grad), old.v)
      const top = max(v, old.top)
      const decayed = decoupled ? value.mul(constant(1).sub(learningRate.mul(weightDecay))) : value
      const step = learningRate.mul(correction1).mul(m).div(sqrt((amsgrad ? top : v).mul(correction2)).add(epsilon))
      return { value: decayed.sub(step), m, v, ...(amsgrad && { top }) }
    },
  })
}

/**
 * Adam: steps from running averages of the gradient and its square (Kingma and Ba 2015).
 *
 * ```ts
 * import { adam, dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, {
 *   loss: meanSquaredError(), optimizer: adam({ learningRate: 0.1 }), steps: 500,
 * })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @function
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const adam: (options?: AdamOptions) => Optimizer = adamWith('adam', false)

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019).
 *
 * ```ts
 * import { adamW, dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, {
 *   loss: meanSquaredError(), optimizer: adamW({ learningRate: 0.1 }), steps: 500,
 * })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @function
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const adamW: (options?: AdamOptions) => Optimizer = adamWith('adamW', true)
