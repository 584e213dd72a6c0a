import { after, allOf, type Backend } from '@recurra/backend'
import { tensorOver, type Floats, type Tensor } from '@recurra/tensor'
import type { ModelInput } from '../model-call.ts'
import type { LayerFrames } from '../model-run.ts'
import type { SegmentFrame } from './segment.ts'

/** What segments give, put together. */
export interface SegmentOutputs {
  /** The layers that run once for all segments. */
  readonly layers: LayerFrames
  /** Before the first segment of a batch. */
  begin(): void
  /** After the forward pass of a segment, the first time. */
  forward(index: number): void
  /** After the forward pass of all segments. */
  finish(): void
  /** What the model gave for the last batch, if it was planned to keep that. */
  read(): Tensor | Promise<Tensor>
}

/** What segments read and give. */
export interface SegmentsOf {
  readonly input: ModelInput
  readonly frames: readonly SegmentFrame[]
  /** The first step of each segment. */
  readonly starts: readonly number[]
}

/** The frame that computes a segment. */
export const frameAt = (frames: readonly SegmentFrame[], index: number): SegmentFrame =>
  frames.find((one) => one.computes(index))!

/** The outputs of a model that gives one at every step; they are read segment by segment. */
export const outputPerStep = ({ input, frames }: SegmentsOf, keep: boolean): SegmentOutputs => {
  const { backend, out } = input.layer
  const { steps, batch } = input.callShape
  const kept: (Floats | Promise<Floats>)[] = []
  return {
    layers: [],
    begin: () => {},
    forward(index) {
      if (keep) kept[index] = backend.readAsync(frameAt(frames, index).frame.y.value)
    },
    finish: () => {},
    read: () => after(allOf(kept), (segments) => tensorOver(joined(backend, segments), [steps, batch, out.size])),
  }
}

/** The outputs of all segments, one after the other. */
const joined = ({ dtype }: Backend, segments: readonly Floats[]): Floats => {
  const size = segments.reduce((sum, { length }) => sum + length, 0)
  const all = dtype === 'float64' ? new Float64Array(size) : new Float32Array(size)
  let at = 0
  for (const one of segments) {
    all.set(one, at)
    at += one.length
  }
  return all
}
