import { formula, mix, sqrt, square } from '@recurra/formula'
import type { Optimizer } from './optimizer.ts'

/** fix1 = 1 / (1 - beta1^t), fix2 = 1 / (1 - beta2^t); `shrink` is the decay taken off the value itself (AdamW). */
const program = formula(
  { each: ['value', 'grad', 'm', 'v'], scalar: ['rate', 'beta1', 'beta2', 'epsilon', 'fix1', 'fix2', 'decay', 'shrink'] },
  ({ value, grad, m: oldM, v: oldV, rate, beta1, beta2, epsilon, fix1, fix2, decay, shrink }) => {
    const g = grad.add(decay.mul(value))
    const m = mix(beta1, g, oldM)
    const v = mix(beta2, square(g), oldV)
    return { value: value.mul(shrink).sub(rate.mul(m).mul(fix1).div(sqrt(v.mul(fix2)).add(epsilon))), m, v }
  },
)

const make = (type: string, decoupled: boolean) => ({ rate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = decoupled ? 0.01 : 0 } = {}): Optimizer => ({
  type,
  rate,
  memory: { m: 0, v: 0 },
  program,
  scalars: ['rate', 'beta1', 'beta2', 'epsilon', 'fix1', 'fix2', 'decay', 'shrink'],
  fill: (to, t, now) =>
    Object.assign(to, {
      rate: now, beta1, beta2, epsilon, fix1: 1 / (1 - beta1 ** t), fix2: 1 / (1 - beta2 ** t),
      decay: decoupled ? 0 : weightDecay, shrink: decoupled ? 1 - now * weightDecay : 1,
    }),
})

export interface AdamOptions { readonly rate?: number; readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number; readonly weightDecay?: number }

/** Adam (Kingma and Ba 2015). */
export const adam: (options?: AdamOptions) => Optimizer = make('adam', false)
/** Adam with weight decay taken off the value itself (Loshchilov and Hutter 2019); 0.01 unless said otherwise, as PyTorch. */
export const adamW: (options?: AdamOptions) => Optimizer = make('adamW', true)
