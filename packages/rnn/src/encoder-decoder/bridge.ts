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

/** The connection from the encoder to the initial state of the decoder, with its parameters. */
export interface Bridge {
  readonly params: Params
  /**
   * Forward: final states -> initial state of the decoder. Backward: adds its gradient to the gradients of the final
   * states.
   */
  plan(context: BridgeContext): Pass
}
