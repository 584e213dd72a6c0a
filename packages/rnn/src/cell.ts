import { expectCount, expectFlag, expectNames } from '@recurra/tensor'
import { expectSignal, whereOf, type Blueprint, type Sequence, type Variable } from '@recurra/layers'
import type { CellDefinition } from './cell-definition.ts'
import type { CellBody, CellSpec } from './cell-spec.ts'
import { defineCell } from './define-cell.ts'
import { recurrentOptions, type RecurrentOptions } from './recurrent-options.ts'
import { RNNLayer } from './rnn-layer.ts'

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
