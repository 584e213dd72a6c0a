import { formula, sqrt, square } from '@recurra/formula'
import type { Optimizer } from './optimizer.ts'

const program = (inside: boolean) =>
  formula({ each: ['value', 'grad', 'sum'], scalar: ['rate', 'decay', 'epsilon'] }, ({ value, grad, sum: old, rate, decay, epsilon }) => {
    const g = grad.add(decay.mul(value))
    const sum = old.add(square(g))
    return { value: value.sub(rate.mul(g).div(inside ? sqrt(sum.add(epsilon)) : sqrt(sum).add(epsilon))), sum }
  })

export interface AdagradOptions { readonly rate?: number; readonly rateDecay?: number; readonly weightDecay?: number; readonly start?: number; readonly epsilon?: number; readonly epsilonInside?: boolean }

/** Adagrad (Duchi et al. 2011). PyTorch adds epsilon outside the root; min-char-rnn inside, with 1e-8. */
export const adagrad = ({ rate = 0.01, rateDecay = 0, weightDecay = 0, start = 0, epsilon = 1e-10, epsilonInside = false }: AdagradOptions = {}): Optimizer => ({
  type: 'adagrad',
  rate,
  memory: { sum: start },
  program: program(epsilonInside),
  scalars: ['rate', 'decay', 'epsilon'],
  fill: (to, t, now) => Object.assign(to, { rate: now / (1 + (t - 1) * rateDecay), decay: weightDecay, epsilon }),
})
