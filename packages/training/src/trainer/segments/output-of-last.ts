import { after } from '@recurra/backend'
import { formula, select } from '@recurra/formula'
import {
  features, inOrder, planInSequence, requiresGradient, variable, zero, type CallShape, type Variable,
} from '@recurra/layers/authoring'
import { asRows, reshape, tensorOver, type Indices, type Tensor } from '@recurra/tensor'
import { framesOf } from '../whole-call.ts'
import { frameAt, type SegmentOutputs, type SegmentsOf } from './segment-outputs.ts'
import type { SegmentableParts } from './segmentable-parts.ts'

const pick = formula({ element: ['found', 'before'], row: ['ends'] }, ({ found, before, ends }) => ({
  picked: select(ends, found, before),
}))
const giveBack = formula({ element: ['dPicked'], row: ['ends'] }, ({ dPicked, ends }) => ({
  found: select(ends, dPicked, 0),
}))

/** The output of a model that gives one vector for each sequence. */
export interface OutputOfLast extends SegmentOutputs {
  readonly y: Variable
  readonly callShape: CallShape
  /** y.grad -> the gradient of what was picked. */
  backward(): void
  /** That -> the gradient of the output of a segment. */
  backwardTo(index: number): void
}

/**
 * The layers behind the segments of a model that gives one vector. What the segments give at the last real step of each
 * sequence is picked on the way; the layers then read it as a sequence of one step.
 */
export const outputOfLast = (
  { input, frames, starts }: SegmentsOf, head: SegmentableParts['head'],
): OutputOfLast => {
  const { layer, callShape: { steps, batch, mode }, real } = input
  const { backend } = layer
  const training = mode === 'training'
  const size = frames[0]!.frame.y.value.shape.at(-1)!
  const picked = variable(backend, [1, batch, size], training)
  const [ends, found] = [backend.zeros([batch]), backend.zeros([batch, size])]
  const [row, endsHere, lastStep] = [new Int32Array(batch), new Uint8Array(batch), new Int32Array(batch)]
  const moves = new Map(frames.map((one) => {
    const { frame: { y }, steps } = one
    const indices: Indices = backend.indices([batch], steps * batch)
    const flat = (x: Tensor): Tensor => reshape(x, [batch, size])
    const move = {
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
    return [one, move] as const
  }))
  const behind = planInSequence(head.map(([, one]) => one), picked, { steps: 1, batch, mode })

  const place = (index: number) => {
    const frame = frameAt(frames, index)
    const from = starts[index]!
    for (let b = 0; b < batch; b++) {
      const at = lastStep[b]! - from
      endsHere[b] = at >= 0 && at < frame.steps ? 1 : 0
      row[b] = endsHere[b] === 1 ? at * batch + b : b
    }
    const move = moves.get(frame)!
    backend.write(ends, endsHere)
    backend.write(move.indices, row)
    return move
  }
  return {
    y: behind.y,
    callShape: behind.callShape,
    layers: head.flatMap(([name, part], i) => framesOf(part, behind.parts![i]!, name)),
    begin() {
      for (let b = 0; b < batch; b++)
        lastStep[b] = real.lengths ? real.shown.lastIndexOf(1, (b + 1) * steps - 1) - b * steps : steps - 1
    },
    forward: (index) => place(index).forward(0),
    finish: () => behind.forward(),
    read: () => after(backend.readAsync(behind.y.value), (y) => tensorOver(y, [batch, layer.out.size])),
    backward: () => behind.backward(),
    backwardTo: (index) => place(index).backward(0),
  }
}
