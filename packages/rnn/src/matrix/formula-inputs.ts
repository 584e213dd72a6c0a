import { rowMask, viewOn, type CallShape, type Variable, type VariablesByName } from '@recurra/layers/authoring'
import { reshape, sizeOf } from '@recurra/tensor'
import { maskOfHeads } from '../mask-of-heads.ts'
import { earlierValues, withValues } from './earlier-values.ts'
import { spreadOverHeads, spreadOverRows } from './projections.ts'
import type { RecurrenceCall } from './recurrence-call.ts'

/** What the formulas of a call read. */
export interface FormulaInputs {
  /** Projections, parameters and the mask of each matrix, by the names of operands. */
  readonly inputs: VariablesByName
  /** The mask of each step, where there is one. */
  readonly perStep: VariablesByName
  /** The call shape for later layers, with what is passed on to them. */
  readonly callShape: CallShape
}

/** Lays out what formulas read: a row for each matrix, or for what there is per head a row for each step. */
export const formulaInputs = (call: RecurrenceCall, projected: VariablesByName): FormulaInputs => {
  const { layer: { backend, type, spec, sizes: { heads, keys, values }, params }, tape, callShape, groups } = call
  const { steps, batch } = callShape
  const all = steps * groups
  const inputs: { [name: string]: Variable } = {}
  for (const [name, whole] of Object.entries(projected)) {
    const per = spec.projections[name]!
    const width = per === 'head' ? heads : per === 'value' ? values : keys
    const own = per === 'sharedKey' ? spreadOverHeads(tape, whole, heads) : whole
    inputs[`x.${name}`] = viewOn(own, (of) => reshape(of, [sizeOf(of.shape) / width, width]))
  }
  const given = spec.values === 'give' ? withValues(type, tape, projected['value']!, callShape) : callShape
  if (spec.values === 'read') {
    const earlier = earlierValues(type, backend, callShape, heads * values)
    inputs['x.earlier'] = viewOn(earlier, (of) => reshape(of, [all, values]))
  }
  for (const [name, [per]] of Object.entries(spec.params ?? {})) {
    const own = params[name]!
    const width = per === 'headKey' ? keys : per === 'headValue' ? values : undefined
    inputs[`param.${name}`] = width === undefined
      ? own : viewOn(spreadOverRows(tape, own, steps * batch), (of) => reshape(of, [all, width]))
  }
  const mask = rowMask(callShape)
  if (!mask) return { inputs, perStep: {}, callShape: given }
  const ofHeads = maskOfHeads(backend, mask, heads)
  tape.record({ forward: [ofHeads.spread], backward: () => [] })
  return {
    inputs: { ...inputs, mask: tape.constant(ofHeads.mask) }, perStep: { mask: tape.constant(mask) }, callShape: given,
  }
}
