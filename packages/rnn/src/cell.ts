import { stageOrder } from './stage-order.ts'
import type { CellBody, CellSpec } from './cell-spec.ts'
import { checkedBody, expectSpec } from './expect-cell.ts'
import { uncheckedCell, type Cell } from './unchecked-cell.ts'

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
export const cell = /* @__NO_SIDE_EFFECTS__ */ <
  const G extends string,
  const S extends string,
  const P extends string = never,
  const A extends string = never,
>(type: string, spec: CellSpec<G, S, P, A>, body: CellBody<G, S, P, A>): Cell<S, G, A> => {
  expectSpec(spec, `cell '${type}'`)
  const made = uncheckedCell(type, spec, checkedBody(spec, body, `cell '${type}'`))
  stageOrder(made.definition) // throws where recurrent inputs need each other
  return made
}
