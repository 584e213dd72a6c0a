import type { CallShape, Frame, Params, Pass, Source } from '@recurra/layers/authoring'
import type { LayerState } from './final-states.ts'

/** Both ends of a bridge. */
export interface BridgeContext {
  /** The final state of each recurrent layer of the encoder, or its vector. */
  readonly given: readonly LayerState[]
  /** The call of the decoder. */
  readonly decoder: Frame
  /** What the decoder was planned for. */
  readonly callShape: CallShape & { readonly source: Source }
}

/** The way from the encoder to the start of the decoder, with what it learns. */
export interface Bridge {
  readonly params: Params
  /**
   * Final states -> the state that the decoder starts from; on the way back, its gradient is added to those of the
   * final states.
   */
  plan(context: BridgeContext): Pass
}
