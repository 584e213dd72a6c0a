import type { Kernel } from '@recurra/backend'
import type { CallShape, Frame, Params, Source } from '@recurra/layers'
import type { Memory } from './memories.ts'

/** Where a decoder starts from: both ends of the way that leads there. */
export interface Ends {
  /** What the encoder says in the end: the last state of each of its recurrent layers, or its vector. */
  readonly given: readonly Memory[]
  /** The memory of the decoder. */
  readonly decoder: Frame
  /** What the decoder was planned for. */
  readonly callShape: CallShape & { readonly source: Source }
}

/** The kernels of a way, there and back. */
export interface Passage {
  /** What the encoder says -> the state that the decoder starts from. */
  readonly ahead: readonly Kernel[]
  /**
   * The gradient of that state -> added to those of what the encoder says, and of the parameters; empty at inference.
   */
  readonly back: readonly Kernel[]
}

/** A way from the encoder to the start of the decoder, with what it learns. */
export interface Start {
  readonly params: Params
  plan(ends: Ends): Passage
}
