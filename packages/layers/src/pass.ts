import { atEachStep, inOrder, type Kernel } from '@recurra/backend'

export { inOrder } from '@recurra/backend'

/**
 * A computation bound to its memory, forward and backward. Everything that runs in a model is a pass, from a single
 * product to the whole model; `inSequence` and `overSteps` combine passes. `step` is the time step, for passes that run
 * once per step; others ignore it.
 */
export interface Pass {
  /** Computes the values. */
  readonly forward: Kernel
  /** Computes the gradients of the inputs from those of the outputs; does nothing at inference. */
  readonly backward: Kernel
}

/** A pass from the kernels of both directions, each in the order in which they run. */
export const passOf = (forward: readonly Kernel[], backward: readonly Kernel[] = []): Pass => ({
  forward: inOrder(forward),
  backward: inOrder(backward),
})

/** Runs passes in order, and their backward parts in reverse order. */
export const inSequence = (...passes: readonly Pass[]): Pass => ({
  forward: inOrder(passes.map(({ forward }) => forward)),
  backward: inOrder(passes.map(({ backward }) => backward).reverse()),
})

/**
 * Runs a pass at every time step, forward from the first to the last and backward from the last to the first; `reverse`
 * swaps the two. All loops over time are made here, or run by the backend at once.
 */
export const overSteps = (steps: number, { forward, backward }: Pass, reverse = false): Pass => {
  return { forward: atEachStep(forward, steps, reverse), backward: atEachStep(backward, steps, !reverse) }
}
