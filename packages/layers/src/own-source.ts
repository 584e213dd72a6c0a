import type { Backend } from '@recurra/backend'
import { columns, type Tensor } from '@recurra/tensor'
import type { Source } from './frame.ts'
import { zero } from './kernels.ts'
import { inSequence, passOf, type Pass } from './pass.ts'
import { requiresGradient, type Wire } from './variable.ts'

/**
 * Extends the pass of the layers that read a source: the kernels that run once come first, and the backward pass sets
 * the gradient of the source to 0, because every reader adds to it. Call it after all readers are planned.
 */
export const withSource = (backend: Backend, { y, once, callShape: { mode } }: Source, readers: Pass): Pass =>
  inSequence(
    passOf(once), readers, passOf([], mode === 'training' && requiresGradient(y) ? [zero(backend, y.grad)] : []),
  )

/** The features of a wire from one index to another; shares memory. */
export const featuresOf = ({ value, grad }: Wire, from: number, to: number): Wire<Tensor> => ({
  value: columns(value as Tensor, from, to),
  grad: requiresGradient({ value, grad }) ? columns(grad, from, to) : grad,
})

/** The same source with only some of its features, as one of several heads reads it; shares memory. */
export const sourceOfHead = ({ y, ...rest }: Source, from: number, to: number): Source =>
  ({ ...rest, y: featuresOf(y, from, to) })
