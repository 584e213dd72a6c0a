import { formula } from '@recurra/formula'
import type { Optimizer } from './optimizer.ts'

const plain = formula({ each: ['value', 'grad'], scalar: ['rate', 'decay'] }, ({ value, grad, rate, decay }) => ({
  value: value.sub(rate.mul(grad.add(decay.mul(value)))),
}))
const withMomentum = (nesterov: boolean) =>
  formula({ each: ['value', 'grad', 'velocity'], scalar: ['rate', 'decay', 'momentum'] }, ({ value, grad, velocity, rate, decay, momentum }) => {
    const g = grad.add(decay.mul(value))
    const v = momentum.mul(velocity).add(g)
    return { value: value.sub(rate.mul(nesterov ? g.add(momentum.mul(v)) : v)), velocity: v }
  })

export interface SgdOptions { readonly rate?: number; readonly momentum?: number; readonly nesterov?: boolean; readonly weightDecay?: number }

/** Stochastic gradient descent, with momentum, Nesterov's look ahead and weight decay as PyTorch has them. */
export const sgd = ({ rate = 0.01, momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions = {}): Optimizer => ({
  type: 'sgd',
  rate,
  memory: momentum ? { velocity: 0 } : {},
  program: momentum ? withMomentum(nesterov) : plain,
  scalars: momentum ? ['rate', 'decay', 'momentum'] : ['rate', 'decay'],
  fill: (to, _, now) => Object.assign(to, { rate: now, decay: weightDecay, momentum }),
})
