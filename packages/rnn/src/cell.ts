import type { Expression } from '@recurra/formula'
import { expectCount, expectFlag, expectNames } from '@recurra/tensor'
import { expectSignal, whereOf, type Blueprint, type Initialiser, type Sequence, type Variable } from '@recurra/layers'
import type { CellDefinition } from './cell-definition.ts'
import { defineCell } from './define-cell.ts'
import { recurrentOptions, type RecurrentOptions } from './recurrent-options.ts'
import { RNNLayer } from './rnn-layer.ts'

type Expressions<N extends string> = { readonly [name in N]: Expression }

/** What a cell is made of. Gates, slots and parameters may have any name. */
export interface CellSpec<G extends string, S extends string, P extends string> {
  /** Pre-activations per unit, in the order of the weights' columns. */
  readonly gates: readonly G[]
  /** The first slot is what the next layer sees, and what the recurrent weights multiply. */
  readonly state: readonly S[]
  /** Learned values, one per unit each, e.g. peepholes; with an initializer where they are not initialized as the weights are. */
  readonly params?: readonly P[] | { readonly [param in P]: Initialiser }
}

/** What the body of a cell may use, for one unit. */
export interface CellScope<G extends string, S extends string, P extends string> {
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
}

/** What goes beside the state into the answer of a cell. */
export interface CellProducts<G extends string> {
  /** What the recurrent weights of some gates multiply in place of the first slot, e.g. r⊙h. */
  readonly recurrentInput: { readonly [gate in G]?: Expression }
}

/** The formula of a cell: the state after a step, and with it what recurrent weights multiply, if that is not the first slot. */
export type CellBody<G extends string, S extends string, P extends string> = (
  scope: CellScope<G, S, P>,
) => Expressions<S> | readonly [state: Expressions<S>, products: CellProducts<NoInfer<G>>]

/** Makes blueprints of a recurrent layer: `lstm(256)`. */
export interface Cell<S extends string, G extends string = string> {
  /** @throws `ConfigurationError` if the size is no whole number of at least 1, or an option is not known. */
  <const F extends number>(size: F, options?: RecurrentOptions<G, S>): Blueprint<Sequence, Sequence<F>, { readonly [slot in S]: Variable }>
  /** The formula behind it. */
  readonly definition: CellDefinition
}

/**
 * A new kind of recurrent layer from the formula of one unit. Unrolling, backpropagation through time, masks, both
 * directions, stacking and streaming follow from it.
 *
 * ```ts
 * import { cell, tanh } from 'recurra'
 *
 * const elman = cell('elman', { gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: tanh(gate.a) }))
 * console.log(elman(64).type) // elman
 * ```
 * @throws `ConfigurationError` if the formula does not fit what is named: a slot left out, a gate that is never read.
 */
export const cell = <const G extends string, const S extends string, const P extends string = never>(
  type: string,
  spec: CellSpec<G, S, P>,
  body: CellBody<G, S, P>,
): Cell<S, G> => {
  const definition = defineCell(type, spec, body)
  const blueprint = (size: number, options: RecurrentOptions = {}): Blueprint => {
    expectNames(options, recurrentOptions, 'options', type)
    if (options.reverse !== undefined) expectFlag(options.reverse, `reverse of ${type}`)
    return {
      type,
      options: { size: expectCount(size, `the size of ${type}`), ...options },
      build: (input, context) => {
        expectSignal(input, ['sequence'], whereOf(`${type}(${size})`, context))
        return new RNNLayer(definition, input as Sequence, size, options, context)
      },
    }
  }
  return Object.assign(blueprint as unknown as Cell<S, G>, { definition })
}
