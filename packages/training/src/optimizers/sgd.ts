import { constant, formula } from '@recurra/formula'
import { ConfigurationError } from '@recurra/tensor'
import { expectNotNegative } from '../options.ts'
import type { Rate } from '../schedules/schedule.ts'
import { decayed, type Optimizer } from './optimizer.ts'
import { expectRate } from './rate.ts'

/** Options of `sgd`. */
export interface SgdOptions {
  /** The learning rate, or a schedule; 0.01 unless said otherwise. (PyTorch has no default.) */
  readonly rate?: Rate
  /** How much of the last velocity is kept, 0 for none; 0 unless said otherwise. */
  readonly momentum?: number
  /** How much of the gradient is kept out of the velocity, from the second step on; 0 unless said otherwise. */
  readonly dampening?: number
  /** Looks ahead along the velocity (Nesterov 1983, as Sutskever et al. 2013); needs momentum, and no dampening. */
  readonly nesterov?: boolean
  /** Adds this much of the value to its gradient; 0 unless said otherwise. */
  readonly weightDecay?: number
}

const plain = (weightDecay: number) =>
  formula({ each: ['value', 'grad'], scalar: ['rate'] }, ({ value, grad, rate }) => ({
    value: value.sub(rate.mul(decayed(grad, value, weightDecay))),
  }))

const withMomentum = (momentum: number, nesterov: boolean, weightDecay: number) =>
  formula({ each: ['value', 'grad', 'velocity'], scalar: ['rate', 'share'] }, ({ value, grad, velocity: old, rate, share }) => {
    const g = decayed(grad, value, weightDecay)
    const velocity = constant(momentum).mul(old).add(share.mul(g))
    return { value: value.sub(rate.mul(nesterov ? g.add(velocity.mul(momentum)) : velocity)), velocity }
  })

/**
 * Stochastic gradient descent (Robbins and Monro 1951), with momentum (Polyak 1964), dampening, Nesterov's look ahead and
 * weight decay as PyTorch's SGD has them.
 *
 * ```ts
 * import { dense, fit, meanSquaredError, sequences, sequential, sgd, vector } from 'recurra'
 *
 * const line = sequences({ x: [[0], [1], [2]], target: [[1], [3], [5]] }) // 2x + 1
 * const model = sequential(vector(1), [dense(1)])
 * const { losses } = await fit(model, line, { loss: meanSquaredError(), optimizer: sgd({ rate: 0.1 }), steps: 500 })
 * console.log(losses.at(-1)! < 0.01) // true
 * ```
 * @throws `ConfigurationError` if the rate is not above 0, another option below 0, or Nesterov has no momentum, or dampening.
 */
export const sgd = ({
  rate = 0.01,
  momentum = 0,
  dampening = 0,
  nesterov = false,
  weightDecay = 0,
}: SgdOptions = {}): Optimizer => {
  expectRate(rate, 'sgd')
  expectNotNegative(momentum, 'the momentum of sgd')
  expectNotNegative(dampening, 'the dampening of sgd')
  expectNotNegative(weightDecay, 'the weight decay of sgd')
  if (nesterov && (momentum === 0 || dampening !== 0))
    throw new ConfigurationError({
      where: 'sgd',
      expected: 'Nesterov to have momentum and no dampening',
      got: `momentum ${momentum}, dampening ${dampening}`,
      fix: 'Use { momentum: 0.9, nesterov: true }, say.',
    })
  if (momentum === 0) return { type: 'sgd', rate, memory: {}, program: plain(weightDecay) }
  return {
    type: 'sgd',
    rate,
    memory: { velocity: 0 },
    program: withMomentum(momentum, nesterov, weightDecay),
    scalars: ['share'],
    fill: (to, t) => {
      to[0] = t === 1 ? 1 : 1 - dampening // the first velocity is the whole gradient, as in PyTorch
    },
  }
}
