import type { Backend, Kernel } from '@recurra/backend'
import { sizeOf, type Random, type Tensor } from '@recurra/tensor'

/** Redraws a tensor at every run: each element is `hit` with the given probability, otherwise `miss`. */
export const bernoulli = (
  backend: Backend,
  random: Random,
  to: Tensor,
  probability: number,
  [hit, miss]: readonly [hit: number, miss: number],
): Kernel => {
  const drawn = new Float64Array(sizeOf(to.shape))
  return () => {
    random.bernoulli(drawn, probability, hit, miss)
    backend.write(to, drawn)
  }
}
