import type { Backend, Kernel } from '@recurra/backend'
import { columns } from '@recurra/tensor'
import type { CallShape, Source } from './frame.ts'
import { zero } from './kernels.ts'
import { inSequence, passOf, type Pass } from './pass.ts'
import { disjointView, type Variable, type Wire } from './variable.ts'

/** A source, as its owner sees it. */
export interface OwnSource extends Source {
  /** What the readers that are planned so far want to be run after `y` is written. */
  readonly prepared: readonly Kernel[]
}

/** A source for the layers that are planned with it in their call shape. */
export const sourceOf = (y: Wire, callShape: CallShape): OwnSource => {
  const prepared: Kernel[] = []
  return { y, callShape, prepared, prepare: (...kernels) => void prepared.push(...kernels) }
}

/**
 * Extends the pass of the layers that read a source: what they have prepared comes first, and the backward pass sets
 * the gradient of the source to 0, because every reader adds to it. Call it after all readers are planned.
 */
export const withSource = (
  backend: Backend, { y, prepared }: OwnSource, readers: Pass,
): Pass => inSequence(passOf(prepared), readers, passOf([], [zero(backend, y.grad)]))

/** The features of a wire from one index to another, which no other layer reads; shares memory. */
export const featuresOf = (wire: Wire, from: number, to: number): Variable =>
  disjointView(wire, (of) => columns(of, from, to))

/** The same source with only some of its features, as one of several heads reads it; shares memory. */
export const sourceOfHead = (source: Source, from: number, to: number): Source =>
  ({ ...source, y: featuresOf(source.y, from, to) })
