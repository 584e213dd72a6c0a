import type { Expression } from '@recurra/formula'
import type { ActivationName, Initializer } from '@recurra/layers'

type Expressions<N extends string> = { readonly [name in N]: Expression }

/** The gates, slots and parameters of a cell. They may have any name. */
export interface CellSpec<G extends string, S extends string, P extends string, A extends string = never> {
  /** Pre-activations per unit, in the order of the weights' columns. */
  readonly gates: readonly G[]
  /**
   * The slots of the state. The first one is the output of the layer, and the value that the recurrent weights
   * multiply.
   */
  readonly state: readonly S[]
  /**
   * Parameters with one value per unit, e.g. peepholes; with an initializer if they are not initialized like the
   * weights. Default: no such values.
   */
  readonly params?: readonly P[] | { readonly [param in P]: Initializer }
  /**
   * Functions that the user can choose by an option, with their defaults: `{ activation: 'tanh' }`. Default: no such
   * functions.
   */
  readonly activations?: { readonly [option in A]: ActivationName }
  /**
   * Whether the option `heads` may split the units into groups whose recurrent weights see only their own group, as
   * those of an sLSTM. Default: false.
   */
  readonly heads?: boolean
}

/** The values that the body of a cell may use, for one unit. */
export interface CellScope<G extends string, S extends string, P extends string, A extends string = never> {
  /** x·W + b */
  readonly x: Expressions<G>
  /** h·U + b */
  readonly h: Expressions<G>
  /** Their sum. */
  readonly gate: Expressions<G>
  /** The state of the previous step. */
  readonly prev: Expressions<S>
  /** The parameters of the unit. */
  readonly param: Expressions<P>
  /** The chosen functions. */
  readonly activations: { readonly [option in A]: (x: Expression) => Expression }
}

/** The second part of what a cell may return. */
export interface CellProducts<G extends string> {
  /** The values that the recurrent weights of some gates multiply in place of the first slot, e.g. r⊙h. */
  readonly recurrentInput: { readonly [gate in G]?: Expression }
}

/**
 * The formula of a cell: the new state, and optionally the values that recurrent weights multiply in place of the first
 * slot.
 */
export type CellBody<G extends string, S extends string, P extends string, A extends string = never> = (
  scope: CellScope<G, S, P, A>,
) => Expressions<S> | readonly [state: Expressions<S>, products: CellProducts<NoInfer<G>>]
