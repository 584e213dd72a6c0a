import type { Kernel } from '@recurra/backend'

/**
 * Work that is bound to its memory, and its way back: values forward, gradients backward. Whatever runs in a model is
 * one of these, from one product to the whole; passes are put together with `inSequence` and `overSteps`. `step` is the
 * position in time, for what runs once per step; all else ignores it.
 */
export interface Pass {
  /** Computes the values. */
  readonly forward: Kernel
  /** From the gradients of what came out, those of what went in; does nothing where nobody asked for gradients. */
  readonly backward: Kernel
}

const nothing: Kernel = () => undefined

/** Kernels as one. */
export const inOrder = (kernels: readonly Kernel[]): Kernel => {
  const all = kernels.filter((kernel) => kernel !== nothing)
  if (all.length <= 1) return all[0] ?? nothing
  return (step) => {
    for (let i = 0; i < all.length; i++) all[i]!(step)
  }
}

/** A pass made of the kernels of both directions, each in the order in which they run. */
export const passOf = (forward: readonly Kernel[], backward: readonly Kernel[] = []): Pass => ({
  forward: inOrder(forward),
  backward: inOrder(backward),
})

/** Passes one after the other, and on the way back from the last to the first. */
export const inSequence = (...passes: readonly Pass[]): Pass => ({
  forward: inOrder(passes.map(({ forward }) => forward)),
  backward: inOrder(passes.map(({ backward }) => backward).reverse()),
})

/**
 * A pass at every step, from the first to the last, and on the way back from the last to the first; `reverse` exchanges
 * the two. The only loop over time.
 */
export const overSteps = (steps: number, { forward, backward }: Pass, reverse = false): Pass => {
  const ascending = (kernel: Kernel): Kernel => () => {
    for (let t = 0; t < steps; t++) kernel(t)
  }
  const descending = (kernel: Kernel): Kernel => () => {
    for (let t = steps - 1; t >= 0; t--) kernel(t)
  }
  return reverse
    ? { forward: descending(forward), backward: ascending(backward) }
    : { forward: ascending(forward), backward: descending(backward) }
}
