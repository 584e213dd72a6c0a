import { constant, formula, max, mix, sqrt, square, type Expression } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import type { LearningRate } from '../schedules/schedule.ts'
import { commonOptions, decayed, followed, optimizerOf, type CommonOptions, type Direction } from './common-options.ts'
import type { Optimizer } from './optimizer.ts'

/** Options of `adam` and `adamW`. The defaults are PyTorch's. */
export interface AdamOptions extends CommonOptions {
  /** The learning rate, or a schedule. Default: 0.001. */
  readonly learningRate?: LearningRate
  /** How much of the average gradient is kept at each step. Default: 0.9. */
  readonly beta1?: number
  /** How much of the average squared gradient is kept at each step. Default: 0.999. */
  readonly beta2?: number
  /** Added to the root. Default: 1e-8. */
  readonly epsilon?: number
  /**
   * adam adds this much of the value to its gradient (0 by default); adamW takes it, times the rate, off the value
   * (0.01).
   */
  readonly weightDecay?: number
  /** Divides by the largest average of squares seen so far (Reddi et al. 2018). Default: false. */
  readonly amsgrad?: boolean
}

type Constants = Required<Pick<AdamOptions, 'beta1' | 'beta2' | 'epsilon' | 'amsgrad'>>

/**
 * `decoupled`: the decay is taken off the value itself, past the averages. fix1 = 1 / (1 - beta1^t), fix2 = 1 / (1 -
 * beta2^t).
 */
const program = (decoupled: boolean, { beta1, beta2, epsilon, amsgrad }: Constants) => (direction: Direction) =>
  formula({ element: ['value', 'grad', 'm', 'v', 'top'], scalar: ['learningRate', 'fix1', 'fix2'] }, (now) => {
    const g = decoupled ? followed(now.grad, direction) : decayed(now.grad, now.value, direction)
    const m = mix(beta1, g, now.m)
    const v = mix(beta2, square(g), now.v)
    const top = max(v, now.top)
    const kept = decoupled ? now.value.mul(constant(1).sub(now.learningRate.mul(direction.weightDecay))) : now.value
    const step = now.learningRate.mul(now.fix1).mul(m).div(sqrt((amsgrad ? top : v).mul(now.fix2)).add(epsilon))
    const next: { [output: string]: Expression } = { value: kept.sub(step), m, v }
    if (amsgrad) next['top'] = top
    return next
  })

const make = (type: string, decoupled: boolean) => (given?: AdamOptions): Optimizer => {
  const { beta1, beta2, epsilon, amsgrad, ...common } = options(type, given, {
    ...commonOptions(1e-3, decoupled ? 0.01 : 0),
    beta1: option.fraction(0.9),
    beta2: option.fraction(0.999),
    epsilon: option.nonNegative(1e-8),
    amsgrad: option.flag(false),
  })
  const constants = { beta1, beta2, epsilon, amsgrad }
  return {
    ...optimizerOf(type, common, program(decoupled, constants), constants),
    state: { m: 0, v: 0, ...(amsgrad && { top: 0 }) },
    scalars: ['fix1', 'fix2'],
    fill: (to, t) => {
      to[0] = 1 / (1 - beta1 ** t)
      to[1] = 1 / (1 - beta2 ** t)
    },
  }
}

/**
 * Adam: steps of about the rate, from running averages of the gradient and its square (Kingma and Ba 2015).
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
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const adam: (options?: AdamOptions) => Optimizer = make('adam', false)

/**
 * Adam with weight decay taken off the value itself (Loshchilov and Hutter 2019).
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
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const adamW: (options?: AdamOptions) => Optimizer = make('adamW', true)
