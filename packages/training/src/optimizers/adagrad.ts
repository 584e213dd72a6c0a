import { formula, sqrt, square } from '@recurra/formula'
import { option, options } from '@recurra/tensor'
import type { Rate } from '../schedules/schedule.ts'
import { decayed, type Optimizer } from './optimizer.ts'
import { rateOption } from './rate.ts'

/** Options of `adagrad`. The defaults are PyTorch's. */
export interface AdagradOptions {
  /** The learning rate, or a schedule. Default: 0.01. */
  readonly rate?: Rate
  /** Divides the rate by 1 + rateDecay · (steps taken). Default: 0. */
  readonly rateDecay?: number
  /** Adds this much of the value to its gradient. Default: 0. */
  readonly weightDecay?: number
  /** What the sum of squares starts from. Default: 0. */
  readonly start?: number
  /** Keeps the divisor away from 0. Default: 1e-10. */
  readonly epsilon?: number
  /** Puts epsilon under the root, as min-char-rnn does (with 1e-8); PyTorch adds it to the root. Default: false. */
  readonly epsilonInside?: boolean
}

const program = ({ rateDecay, weightDecay, epsilon, epsilonInside }: Required<Omit<AdagradOptions, 'rate' | 'start'>>) =>
  formula({ each: ['value', 'grad', 'sum'], scalar: ['rate', 'wear'] }, ({ value, grad, sum: old, rate, wear }) => {
    const g = decayed(grad, value, weightDecay)
    const sum = old.add(square(g))
    const root = epsilonInside ? sqrt(sum.add(epsilon)) : sqrt(sum).add(epsilon)
    const worn = rateDecay === 0 ? rate : rate.div(wear)
    return { value: value.sub(worn.mul(g).div(root)), sum }
  })

/**
 * Adagrad: each number's step shrinks with the sum of its squared gradients (Duchi et al. 2011).
 *
 * ```ts
 * import { adagrad, dense, fit, meanSquaredError, sequences, sequential, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, { loss: meanSquaredError(), optimizer: adagrad({ rate: 0.5 }), steps: 500 })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if an option is not known, or does not fit.
 */
export const adagrad = (given?: AdagradOptions): Optimizer => {
  const { rate, start, ...constants } = options('adagrad', given, {
    rate: rateOption(0.01),
    rateDecay: option.nonNegative(0),
    weightDecay: option.nonNegative(0),
    start: option.nonNegative(0),
    epsilon: option.nonNegative(1e-10),
    epsilonInside: option.flag(false),
  })
  const { rateDecay } = constants
  return {
    type: 'adagrad',
    rate,
    memory: { sum: start },
    program: program(constants),
    scalars: ['wear'],
    fill: (to, t) => {
      to[0] = 1 + (t - 1) * rateDecay
    },
  }
}
