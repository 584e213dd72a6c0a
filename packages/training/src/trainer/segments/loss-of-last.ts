import { requiresGradient } from '@recurra/layers/authoring'
import type { Loss } from '../../losses/loss.ts'
import { scalingOf } from '../gradients.ts'
import { targetBufferOf } from '../input-buffer.ts'
import type { OutputOfLast } from './output-of-last.ts'
import type { SegmentLoss, SegmentLossOptions } from './segment-loss.ts'
import type { SegmentsOf } from './segment-outputs.ts'

/** The loss of a model that gives one vector for each sequence. */
export const lossOfLast = (
  { call }: SegmentsOf, output: OutputOfLast, loss: Loss, { padded = false, targetSize }: SegmentLossOptions,
): SegmentLoss => {
  const { layer, callShape: { batch }, real } = call
  const { backend } = layer
  const { y } = output
  const mask = padded ? backend.zeros([batch]) : undefined
  const frame = loss.plan(backend, y, mask, targetSize)
  const target = targetBufferOf(layer, output.callShape, frame, frame.target.shape)
  const scale = scalingOf(backend, requiresGradient(y) ? [y.grad] : [])
  return {
    frame,
    stage: (given, step) => target.stage(given, real, step),
    counted: () => target.counted(real, 0),
    write() {
      backend.write(frame.target, target.staged)
      if (mask) backend.write(mask, target.counted(real, 0))
    },
    forward: () => {},
    finish() {
      frame.forward()
      frame.backward()
    },
    turn(share) {
      if (share !== 1) scale(share)
      output.backward()
    },
    backward: (index) => output.backwardTo(index),
  }
}
