import type { CallShape, Frame } from './frame.ts'
import type { Layer } from './layer.ts'
import type { Signal } from './signal.ts'
import type { StreamSource } from './stream-source.ts'
import type { Wire } from './variable.ts'

/** One call of a layer with a source. */
export interface ConditionedFrame extends Frame {
  /** source -> the state that the decoder starts from, and what its layers attend to: the first part of `forward`. */
  readonly encode: () => void
  /** What takes the steps: the second part. */
  readonly decoder: Frame
}

/**
 * A layer that reads all of a source before its first step, as an encoder-decoder does. Its forward pass is `encode`,
 * then that of its decoder; so a stream encodes once, and continues with the decoder step by step.
 */
export interface Conditioned<In extends Signal = Signal, Out extends Signal = Signal> extends Layer<In, Out> {
  readonly source: Signal
  /** What takes the steps. */
  readonly decoder: Layer
  plan(x: Wire, callShape: CallShape): ConditionedFrame
  /** What a stream of it reads sources with, of at most so many steps. */
  streamSource(callShape: CallShape, steps: number): StreamSource
}

/** Whether a layer has a source. */
export const isConditioned = (layer: Layer): layer is Conditioned => layer.source !== undefined
