import type { Expression } from '@recurra/formula'
import type { ActivationName, Initializer } from '@recurra/layers'

type Expressions<N extends string> = { readonly [name in N]: Expression }

/** What a cell is made of. Gates, slots and parameters may have any name. */
export interface CellSpec<G extends string, S extends string, P extends string, A extends string = never> {
  /** Pre-activations per unit, in the order of the weights' columns. */
  readonly gates: readonly G[]
  /** The first slot is what the next layer sees, and what the recurrent weights multiply. */
  readonly state: readonly S[]
  /**
   * Learned values, one per unit each, e.g. peepholes; with an initializer where they are not initialized as the
   * weights are.
   */
  readonly params?: readonly P[] | { readonly [param in P]: Initializer }
  /** Functions that an option of the layer chooses, each with its default: `{ activation: 'tanh' }`. */
  readonly activations?: { readonly [option in A]: ActivationName }
}

/** What the body of a cell may use, for one unit. */
export interface CellScope<G extends string, S extends string, P extends string, A extends string = never> {
  /** x·W + b */
  readonly x: Expressions<G>
  /** h·U + b */
  readonly h: Expressions<G>
  /** Their sum. */
  readonly gate: Expressions<G>
  /** The state after the step before. */
  readonly prev: Expressions<S>
  /** The learned values of the unit. */
  readonly param: Expressions<P>
  /** The chosen functions. */
  readonly activations: { readonly [option in A]: (x: Expression) => Expression }
}

/** What goes beside the state into the answer of a cell. */
export interface CellProducts<G extends string> {
  /** What the recurrent weights of some gates multiply in place of the first slot, e.g. r⊙h. */
  readonly recurrentInput: { readonly [gate in G]?: Expression }
}

/**
 * The formula of a cell: the state after a step, and with it what recurrent weights multiply, if that is not the first
 * slot.
 */
export type CellBody<G extends string, S extends string, P extends string, A extends string = never> = (
  scope: CellScope<G, S, P, A>,
) => Expressions<S> | readonly [state: Expressions<S>, products: CellProducts<NoInfer<G>>]
