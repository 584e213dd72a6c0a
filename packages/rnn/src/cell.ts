import { named, type Expression } from '@recurra/formula'
import { expectCount, expectFlag, expectNames } from '@recurra/tensor'
import { expectSignal, whereOf, type Blueprint, type Initialiser, type Sequence, type Variable } from '@recurra/layers'
import type { CellDefinition } from './cell-definition.ts'
import { recurrentOptions, type RecurrentOptions } from './recurrent-options.ts'
import { RNNLayer } from './rnn-layer.ts'

type Expressions<N extends string> = { readonly [name in N]: Expression }

/** What a cell is made of. */
export interface CellSpec<G extends string, S extends string, V extends string> {
  /** Pre-activations per unit, in the order of the weights' columns. */
  readonly gates: readonly G[]
  /** The first slot is what the next layer sees, and what the recurrent weights multiply. */
  readonly state: readonly S[]
  /** Learned vectors with one number per unit, e.g. peepholes; each with its initialiser where it does not begin as the weights do. */
  readonly vectors?: readonly V[] | { readonly [vector in V]: Initialiser }
}

/** What the body of a cell may use, for one unit. */
export interface CellScope<G extends string, S extends string, V extends string> {
  /** x·W + b */
  readonly x: Expressions<G>
  /** h·U + b */
  readonly h: Expressions<G>
  /** Their sum. */
  readonly gate: Expressions<G>
  /** The state after the step before. */
  readonly prev: Expressions<S>
  /** The learned vectors. */
  readonly vector: Expressions<V>
  /** For gates whose recurrent product is not of h but of something else, e.g. r⊙h. */
  readonly through: (gates: readonly G[], value: Expression) => void
}

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
 */
export const cell = <const G extends string, const S extends string, const V extends string = never>(
  type: string,
  { gates, state, vectors = [] }: CellSpec<G, S, V>,
  body: (scope: CellScope<G, S, V>) => Expressions<S>,
): Cell<S, G> => {
  const initial = Array.isArray(vectors) ? {} : (vectors as { readonly [vector in V]: Initialiser })
  const names = Array.isArray(vectors) ? (vectors as readonly V[]) : (Object.keys(vectors) as V[])
  let through: CellDefinition['through']
  const next = body({
    x: named(gates, 'x.'),
    h: named(gates, 'h.'),
    gate: named(gates, 'gate.'),
    prev: named(state, 'prev.'),
    vector: named(names, 'vector.', 'unit'),
    through: (of, value) => (through = { gates: of, value }),
  })
  const definition: CellDefinition = { type, gates, state, vectors: names, initial, next, ...(through && { through }) }
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
