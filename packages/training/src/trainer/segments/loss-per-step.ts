import type { Kernel } from '@recurra/backend'
import { copy, inOrder, requiresGradient } from '@recurra/layers/authoring'
import { ConfigurationError, rows, type Tensor } from '@recurra/tensor'
import type { LossFrame } from '../../losses/loss.ts'
import { scaleOf, sumOfRows } from '../../losses/loss-frame.ts'
import { readLoss, type CallLoss } from '../call-loss.ts'
import { scalingOf } from '../gradients.ts'
import { targetBufferOf } from '../input-buffer.ts'
import type { ScoringCallPlan } from '../model-call.ts'
import { lines, moveOne, type SegmentFrame } from './segment.ts'
import { frameAt, type SegmentsOf } from './segment-outputs.ts'

/** The loss of the segments that one frame computes. */
interface FrameLoss {
  readonly frame: LossFrame
  readonly mask: Tensor | undefined
  readonly steps: number
  /** Moves the losses of rows to those of all segments. */
  readonly keep: Kernel
  /** Takes the factor of the gradient from the whole. */
  readonly takeScale: Kernel
  readonly scale: (share: number) => void
}

/**
 * The loss of a model with an output at every step. The losses of rows are kept for all segments, and summed up when
 * they are all there.
 * @throws `ConfigurationError` if the loss looks at the whole sequence.
 */
export const lossPerStep = <Others extends object>(
  { input, frames, starts }: SegmentsOf, { loss, padded = false, targetSize }: ScoringCallPlan, readWithLoss: Others,
): CallLoss<Others> => {
  const { layer, callShape: { steps, batch }, real } = input
  const { backend } = layer
  const [losses, counts] = [backend.zeros([steps * batch]), backend.zeros([steps * batch])]
  const scalars = { sum: backend.zeros([]), count: backend.zeros([]), scale: backend.zeros([]) }
  const planned = new Map(frames.map((one) => [one, planFor(one)]))
  const ofSegment = starts.map((_, index) => planned.get(frameAt(frames, index))!)
  const { frame: first } = ofSegment[0]!
  const target = targetBufferOf(layer, input.callShape, first, [steps * batch, ...first.target.shape.slice(1)])
  const finish = inOrder([
    ...sumOfRows(backend, { ...first.rows!, losses, counts }, scalars), ...scaleOf(backend, loss.reduction, scalars),
  ])
  const whole: LossFrame = { ...first, ...scalars, each: losses }
  let [counted, share]: [Uint8Array | undefined, number] = [undefined, 1]

  function planFor({ frame: { y }, steps, first, count }: SegmentFrame): FrameLoss {
    const mask = padded ? backend.zeros([steps * batch]) : undefined
    const frame = loss.plan(backend, y, mask, targetSize)
    if (!frame.rows)
      throw new ConfigurationError({
        where: 'recompute',
        expected: 'a loss that compares step by step',
        got: `${loss.type}, which looks at the whole sequence`,
        fix: 'Leave recompute out, or choose another loss.',
      })
    const from = starts[first]! * batch
    const place = (all: Tensor): Tensor => lines(rows(all, from, from + count * steps * batch), count)
    const keep = inOrder([
      moveOne(backend, frame.rows.losses, place(losses)), moveOne(backend, frame.rows.counts, place(counts)),
    ])
    return {
      frame, mask, steps,
      keep: (index) => keep(index - first),
      takeScale: copy(backend, scalars.scale, frame.scale),
      scale: scalingOf(backend, requiresGradient(y) ? [y.grad] : []),
    }
  }
  const run = (index: number): FrameLoss => {
    const own = ofSegment[index]!
    const [from, to] = [starts[index]!, starts[index]! + own.steps]
    const perStep = target.staged.length / steps
    backend.write(own.frame.target, target.staged.subarray(from * perStep, to * perStep))
    if (own.mask) backend.write(own.mask, counted!.subarray(from * batch, to * batch))
    own.frame.forward()
    return own
  }
  return {
    frame: whole,
    readBack: readLoss(backend, whole, readWithLoss),
    stage: (given, step) => target.stage(given, real, step),
    counted: () => counted!,
    write: () => void (counted = target.counted(real, 0)),
    forwardAt: (index) => run(index).keep(index),
    forward: () => finish(0),
    backward: (of) => void (share = of),
    backwardAt(index) {
      const own = run(index)
      own.takeScale(0)
      own.frame.backward()
      if (share !== 1) own.scale(share)
    },
  }
}
