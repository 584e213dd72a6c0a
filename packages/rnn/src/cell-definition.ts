import type { Expression } from '@recurra/formula'
import type { Initialisers } from '@recurra/layers'

/** A recurrent product of something else than h, e.g. of r⊙h. */
export interface Through {
  /** The gates whose recurrent weights take part. */
  readonly gates: readonly string[]
  /** What they multiply. */
  readonly value: Expression
}

/** The element-wise heart of a recurrence; products, time, masks and gradients come from `RNNLayer`. */
export interface CellDefinition {
  /** What the layer is called in a model's config. */
  readonly type: string
  /** The pre-activations per unit, in the order of the weights' columns. */
  readonly gates: readonly string[]
  /** The slots of the state, the shown one first. */
  readonly state: readonly string[]
  /** Learned vectors, one number per unit each. */
  readonly vectors: readonly string[]
  /** How those of them begin that do not begin as the weights do. */
  readonly initial: Initialisers
  /** The formula of each slot after a step. */
  readonly next: { readonly [slot: string]: Expression }
  /** The last gates, whose recurrent weights multiply `value` instead of h. */
  readonly through?: Through
}
