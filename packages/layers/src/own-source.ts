import type { Backend } from '@recurra/backend'
import { columns, type Tensor } from '@recurra/tensor'
import type { Source } from './frame.ts'
import { zero } from './kernels.ts'
import { inSequence, passOf, type Pass } from './pass.ts'
import { requiresGradient, type Wire } from './variable.ts'

/**
 * The pass over a source that a layer makes itself, and over what reads it: what has to be done once comes first, and
 * on the way back the gradient of the source starts from 0, as every reader adds to it. To be called when all readers
 * are planned.
 */
export const withSource = (backend: Backend, { y, once, callShape: { mode } }: Source, readers: Pass): Pass =>
  inSequence(
    passOf(once), readers, passOf([], mode === 'training' && requiresGradient(y) ? [zero(backend, y.grad)] : []),
  )

/** Some features of a wire, from one place to another; shares memory. */
export const featuresOf = ({ value, grad }: Wire, from: number, to: number): Wire<Tensor> => ({
  value: columns(value as Tensor, from, to),
  grad: requiresGradient({ value, grad }) ? columns(grad, from, to) : grad,
})

/** The same source with some of its features alone, as one head of several reads them; shares memory. */
export const sourceOfHead = ({ y, ...rest }: Source, from: number, to: number): Source =>
  ({ ...rest, y: featuresOf(y, from, to) })
