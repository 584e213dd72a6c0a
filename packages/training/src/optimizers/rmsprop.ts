import { constant, formula, mix, sqrt, square, type Expression } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import type { Rate } from '../schedules/schedule.ts'
import { decayed, type Optimizer } from './optimizer.ts'
import { rateOption } from './rate.ts'

/** Options of `rmsprop`. The defaults are PyTorch's. */
export interface RmspropOptions {
  /** The learning rate, or a schedule. Default: 0.01. */
  readonly rate?: Rate
  /** How much of the average of squares is kept at each step. Default: 0.99. */
  readonly alpha?: number
  /** How much of the last velocity is kept. Default: 0. */
  readonly momentum?: number
  /** Divides by the deviation from the average gradient, rather than from 0 (Graves 2013). Default: false. */
  readonly centered?: boolean
  /** Adds this much of the value to its gradient. Default: 0. */
  readonly weightDecay?: number
  /** Added to the root. Default: 1e-8. */
  readonly epsilon?: number
}

const program = ({ alpha, momentum, centered, weightDecay, epsilon }: Required<Omit<RmspropOptions, 'rate'>>) =>
  formula({ each: ['value', 'grad', 'power', 'mean', 'velocity'], scalar: ['rate'] }, (now) => {
    const g = decayed(now.grad, now.value, weightDecay)
    const power = mix(alpha, square(g), now.power)
    const mean = mix(alpha, g, now.mean)
    const step = g.div(sqrt(centered ? power.sub(square(mean)) : power).add(epsilon))
    const velocity = constant(momentum).mul(now.velocity).add(step)
    const next: { [output: string]: Expression } = { value: now.value.sub(now.rate.mul(momentum ? velocity : step)), power }
    if (centered) next['mean'] = mean
    if (momentum) next['velocity'] = velocity
    return next
  })

/**
 * RMSProp: each number's step is divided by the running size of its gradients (Tieleman and Hinton 2012).
 *
 * ```ts
 * import { dense, fit, meanSquaredError, rmsprop, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, { loss: meanSquaredError(), optimizer: rmsprop({ rate: 0.01 }), steps: 500 })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is not known, or does not fit.
 */
export const rmsprop = (given?: RmspropOptions): Optimizer => {
  const { rate, ...constants } = options('rmsprop', given, {
    rate: rateOption(0.01),
    alpha: option.fraction(0.99),
    momentum: option.nonNegative(0),
    centered: option.flag(false),
    weightDecay: option.nonNegative(0),
    epsilon: option.nonNegative(1e-8),
  })
  const { momentum, centered } = constants
  return {
    type: 'rmsprop',
    rate,
    memory: { power: 0, ...(centered && { mean: 0 }), ...(momentum && { velocity: 0 }) },
    program: program(constants),
  }
}
