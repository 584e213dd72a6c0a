import { formula, select } from '@recurra/formula'
import {
  features, inOrder, planInSequence, requiresGradient, variable, zero, type Layer,
} from '@recurra/layers/authoring'
import { asRows, reshape, type Indices, type Tensor } from '@recurra/tensor'
import type { Loss } from '../../losses/loss.ts'
import { framesOf } from '../frames-of.ts'
import { scalingOf } from '../gradients.ts'
import type { ModelInput } from '../model-input.ts'
import { targetBufferOf } from '../target-buffer.ts'
import type { Ending } from './ending.ts'
import type { RecomputableParts } from './recomputable-parts.ts'
import type { SegmentFrame } from './segment.ts'

const pick = formula({ element: ['found', 'before'], row: ['ends'] }, ({ found, before, ends }) => ({
  picked: select(ends, found, before),
}))
const giveBack = formula({ element: ['dPicked'], row: ['ends'] }, ({ dPicked, ends }) => ({
  found: select(ends, dPicked, 0),
}))

/**
 * The layers behind the segments of a model that gives one vector, and its loss. What the segments give at the last
 * real step of each sequence is picked on the way; the layers then read it as a sequence of one step.
 */
export const lossOfLast = (
  layer: Layer, loss: Loss, input: ModelInput, frames: readonly SegmentFrame[], starts: readonly number[],
  { head, padded = false, targetSize }: Pick<RecomputableParts, 'head'> & {
    readonly padded?: boolean | undefined; readonly targetSize?: number | undefined
  },
): Ending => {
  const { backend } = layer
  const { callShape: { steps, batch, mode }, steps: real } = input
  const training = mode === 'training'
  const size = frames[0]!.frame.y.value.shape.at(-1)!
  const picked = variable(backend, [1, batch, size], training)
  const [ends, found] = [backend.zeros([batch]), backend.zeros([batch, size])]
  const [row, endsHere, lastStep] = [new Int32Array(batch), new Uint8Array(batch), new Int32Array(batch)]
  const moves = frames.map(({ frame: { y }, steps }) => {
    const indices: Indices = backend.indices([batch], steps * batch)
    const flat = (x: Tensor): Tensor => reshape(x, [batch, size])
    return {
      indices,
      forward: inOrder([
        backend.gather({ out: found, table: features(y), indices }),
        backend.formula(pick, { found, before: flat(picked.value), ends, picked: flat(picked.value) }),
      ]),
      backward: inOrder(training && requiresGradient(y) ? [
        zero(backend, y.grad),
        backend.formula(giveBack, { dPicked: flat(picked.grad), ends, found }),
        backend.scatterAdd({ table: asRows(y.grad), rows: found, indices }),
      ] : []),
    }
  })
  const ofSegment = starts.map((_, index) => frames.findIndex((one) => one.computes(index)))
  const after = planInSequence(head.map(([, one]) => one), picked, { steps: 1, batch, mode })
  const mask = padded ? backend.zeros([batch]) : undefined
  const lossFrame = loss.plan(backend, after.y, mask, targetSize)
  const target = targetBufferOf(layer, after.callShape, lossFrame, lossFrame.target.shape)
  const scale = scalingOf(backend, requiresGradient(after.y) ? [after.y.grad] : [])

  const place = (index: number): (typeof moves)[number] => {
    const which = ofSegment[index]!
    const from = starts[index]!
    for (let b = 0; b < batch; b++) {
      const at = lastStep[b]! - from
      endsHere[b] = at >= 0 && at < frames[which]!.steps ? 1 : 0
      row[b] = endsHere[b] === 1 ? at * batch + b : b
    }
    backend.write(ends, endsHere)
    backend.write(moves[which]!.indices, row)
    return moves[which]!
  }
  return {
    layers: head.flatMap(([name, part], i) => framesOf(part, after.parts![i]!, name)),
    loss: lossFrame,
    stage: (given, step) => target.stage(given, real, step),
    write() {
      backend.write(lossFrame.target, target.staged)
      if (mask) backend.write(mask, target.counted(real, 0))
      for (let b = 0; b < batch; b++)
        lastStep[b] = real.lengths ? real.shown.lastIndexOf(1, (b + 1) * steps - 1) - b * steps : steps - 1
    },
    forward: (index) => place(index).forward(0),
    finish() {
      after.forward()
      lossFrame.forward()
      lossFrame.backward()
    },
    turn(share) {
      if (share !== 1) scale(share)
      after.backward()
    },
    backward: (index) => place(index).backward(0),
  }
}
