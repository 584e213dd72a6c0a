import { formula, sqrt, square } from '@recurra/formula'
import type { Optimizer } from './optimizer.ts'

/** The mean of g², less the square of the mean of g where it is centered, scales the step. */
const program = (centered: boolean) =>
  formula(
    { each: ['value', 'grad', 'power', 'mean', 'velocity'], scalar: ['rate', 'decay', 'keep', 'epsilon', 'momentum'] },
    ({ value, grad, power: oldPower, mean: oldMean, velocity: oldVelocity, rate, decay, keep, epsilon, momentum }) => {
      const g = grad.add(decay.mul(value))
      const power = keep.mul(oldPower).add(square(g).sub(keep.mul(square(g))))
      const mean = keep.mul(oldMean).add(g.sub(keep.mul(g)))
      const spread = sqrt(centered ? power.sub(square(mean)) : power).add(epsilon)
      const velocity = momentum.mul(oldVelocity).add(g.div(spread))
      return { value: value.sub(rate.mul(velocity)), power, mean, velocity }
    },
  )

export interface RmspropOptions { readonly rate?: number; readonly alpha?: number; readonly momentum?: number; readonly centered?: boolean; readonly weightDecay?: number; readonly epsilon?: number }

/** RMSProp (Tieleman and Hinton 2012), with PyTorch's defaults; `alpha` is how much of the mean of squares is kept. */
export const rmsprop = ({ rate = 0.01, alpha = 0.99, momentum = 0, centered = false, weightDecay = 0, epsilon = 1e-8 }: RmspropOptions = {}): Optimizer => ({
  type: 'rmsprop',
  rate,
  memory: { power: 0, mean: 0, velocity: 0 },
  program: program(centered),
  scalars: ['rate', 'decay', 'keep', 'epsilon', 'momentum'],
  fill: (to, _, now) => Object.assign(to, { rate: now, decay: weightDecay, keep: alpha, epsilon, momentum }),
})
