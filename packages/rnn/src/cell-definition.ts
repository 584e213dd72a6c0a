import type { Expression } from '@recurra/formula'

/** The element-wise heart of a recurrence; products, time, masks and gradients come from `RNNLayer`. */
export interface CellDefinition {
  readonly type: string
  readonly gates: readonly string[]
  readonly state: readonly string[]
  readonly vectors: readonly string[]
  readonly next: { readonly [slot: string]: Expression }
  /** The last gates, whose recurrent weights multiply `value` instead of h. */
  readonly through?: { readonly gates: readonly string[]; readonly value: Expression }
}
