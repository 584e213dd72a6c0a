import type { Backend, Kernel } from '@recurra/backend'
import { sizeOf, type Random, type Tensor } from '@recurra/tensor'
import type { CallShape } from './frame.ts'

/**
 * Redraws a tensor at every run: each element is `hit` with the given probability, otherwise `miss`. The tensor is
 * [time, batch, features], or [batch, features] for a draw that all steps share.
 */
export const bernoulli = (
  backend: Backend,
  random: Random,
  to: Tensor,
  probability: number,
  [hit, miss]: readonly [hit: number, miss: number],
  { segments }: CallShape,
): Kernel => {
  const drawn = new Float64Array(sizeOf(to.shape))
  const generator = segments?.drawing(random, to)
  return () => {
    (generator ? generator() : random).bernoulli(drawn, probability, hit, miss)
    backend.write(to, drawn)
  }
}
