import type { CallShape } from './frame.ts'
import type { Layer } from './layer.ts'
import type { Pass } from './pass.ts'

/** Memory for what all steps of a call add up, whether or not they are cut into segments. */
export const sharedBySegments = <Shared>({ segments }: CallShape, make: () => Shared): Shared =>
  segments ? segments.share(make) : make()

/** A backward pass that runs once for all steps: after the first segment, which is the last to go back. */
export const afterAllSteps = ({ segments }: CallShape, { forward, backward }: Pass): Pass => ({
  forward,
  backward: segments
    ? (step) => {
        if (segments.index === 0) backward(step)
      }
    : backward,
})

/** Whether the sequences of a layer, and of all layers in it, can be cut into segments. */
export const isSegmentable = (
  { segmentable, causal, stride, source, in: input, out, restarts, parts = [] }: Layer,
): boolean =>
  (segmentable ?? (causal && !stride && !source && (out.kind !== 'vector' || input.kind === 'vector'))) &&
  (restarts === true || parts.every(([, part]) => isSegmentable(part)))
