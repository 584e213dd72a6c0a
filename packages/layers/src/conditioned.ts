import type { CallShape, Frame, Layer } from './layer.ts'
import type { Signal } from './signal.ts'
import type { Wire } from './variable.ts'

/** The memory of one call of a layer with a source. */
export interface ConditionedFrame extends Frame {
  /** The memory of what reads the source. */
  readonly encoder: Frame
  /** The memory of what takes the steps. */
  readonly decoder: Frame
}

/**
 * A layer that reads all of a source before its first step, as an encoder-decoder does. Its forward pass is `encode`,
 * then that of its decoder; so a stream encodes once, and goes on with the decoder step by step.
 */
export interface Conditioned<In extends Signal = Signal, Out extends Signal = Signal> extends Layer<In, Out> {
  readonly source: Signal
  /** What reads the source. */
  readonly encoder: Layer
  /** What takes the steps. */
  readonly decoder: Layer
  plan(x: Wire, callShape: CallShape): ConditionedFrame
  /** source -> the state that the decoder starts from, and what its layers attend to. */
  encode(frame: ConditionedFrame): void
}

/** Whether a layer has a source. */
export const isConditioned = (layer: Layer): layer is Conditioned => layer.source !== undefined
