import type { Backend, Kernel } from '@recurra/backend'
import { columns } from '@recurra/tensor'
import type { CallShape, Source } from './frame.ts'
import { zero } from './kernels.ts'
import { inOrder, inSequence, passOf, type Pass } from './pass.ts'
import { disjointView, type Variable, type Wire } from './variable.ts'

/** A source, as its owner sees it. */
export interface OwnSource extends Source {
  /** What the readers want to be run after `y` is written. Ask for it when they all are planned. */
  readonly prepared: () => Kernel
}

/** A source for the layers that are planned with it in their call shape. */
export const sourceOf = (y: Wire, callShape: CallShape): OwnSource => {
  const all: Kernel[] = []
  return { y, callShape, prepare: (...kernels) => void all.push(...kernels), prepared: () => inOrder(all) }
}

/**
 * Extends the pass of the layers that read a source: what they have prepared comes first, and the backward pass sets
 * the gradient of the source to 0, because every reader adds to it. Call it after all readers are planned.
 */
export const withSource = (
  backend: Backend, { y, prepared }: OwnSource, readers: Pass,
): Pass => inSequence(passOf([prepared()]), readers, passOf([], [zero(backend, y.grad)]))

/** The features of a wire from one index to another, which no other layer reads; shares memory. */
export const featuresOf = (wire: Wire, from: number, to: number): Variable =>
  disjointView(wire, (of) => columns(of, from, to))

/** The same source with only some of its features, as one of several heads reads it; shares memory. */
export const sourceOfHead = (source: Source, from: number, to: number): Source =>
  ({ ...source, y: featuresOf(source.y, from, to) })
