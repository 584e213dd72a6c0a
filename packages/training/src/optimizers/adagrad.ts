import { formula, sqrt, square } from '@recurra/formula'
import { expectNotNegative } from '../options.ts'
import type { Rate } from '../schedules/schedule.ts'
import { decayed, type Optimizer } from './optimizer.ts'
import { expectRate } from './rate.ts'

/** Options of `adagrad`. The defaults are PyTorch's. */
export interface AdagradOptions {
  /** The learning rate, or a schedule; 0.01 unless said otherwise. */
  readonly rate?: Rate
  /** Divides the rate by 1 + rateDecay · (steps taken); 0 unless said otherwise. */
  readonly rateDecay?: number
  /** Adds this much of the value to its gradient; 0 unless said otherwise. */
  readonly weightDecay?: number
  /** What the sum of squares starts from; 0 unless said otherwise. */
  readonly start?: number
  /** Keeps the divisor away from 0; 1e-10 unless said otherwise. */
  readonly epsilon?: number
  /** Puts epsilon under the root, as min-char-rnn does (with 1e-8); PyTorch adds it to the root. */
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
 * @throws `ConfigurationError` if the rate is not above 0, or another option below 0.
 */
export const adagrad = ({
  rate = 0.01,
  rateDecay = 0,
  weightDecay = 0,
  start = 0,
  epsilon = 1e-10,
  epsilonInside = false,
}: AdagradOptions = {}): Optimizer => {
  expectRate(rate, 'adagrad')
  expectNotNegative(rateDecay, 'the rate decay of adagrad')
  expectNotNegative(weightDecay, 'the weight decay of adagrad')
  expectNotNegative(start, 'the start of adagrad')
  expectNotNegative(epsilon, 'the epsilon of adagrad')
  return {
    type: 'adagrad',
    rate,
    memory: { sum: start },
    program: program({ rateDecay, weightDecay, epsilon, epsilonInside }),
    scalars: ['wear'],
    fill: (to, t) => {
      to[0] = 1 + (t - 1) * rateDecay
    },
  }
}
