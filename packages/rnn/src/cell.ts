import { stageOrder } from './stage-order.ts'
import type { CellBody, CellSpec } from './cell-spec.ts'
import { checkedBody, expectSpec } from './expect-cell.ts'
import { uncheckedCell, type Cell } from './unchecked-cell.ts'

/**
 * Defines a recurrent layer by the formula of one unit. Recurra derives unrolling, backpropagation through time, masks,
 * both directions, stacking and streaming from it.
 *
 * ```ts
 * import { cell, tanh } from 'recurra'
 *
 * const elman = cell('elman', { gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: tanh(gate.a) }))
 * console.log(elman(64).type) // elman
 * ```
 * @throws `ConfigurationError` if the formula does not fit the names, for example a missing slot or an unused gate.
 */
export const cell = /* @__NO_SIDE_EFFECTS__ */ <
  const G extends string,
  const S extends string,
  const P extends string = never,
  const A extends string = never,
>(type: string, spec: CellSpec<G, S, P, A>, body: CellBody<G, S, P, A>): Cell<S, G, A> => {
  expectSpec(spec, `cell '${type}'`)
  const made = uncheckedCell(type, spec, checkedBody(spec, body, `cell '${type}'`))
  stageOrder(made.definition) // throws if recurrent inputs depend on each other
  return made
}
