import type { Variable, VariablesByName } from '@recurra/layers/authoring'
import type { FormulaInputs } from './formula-inputs.ts'
import { forChunks, stepsOfCall, type RecurrenceCall } from './recurrence-call.ts'
import type { KeyFormulas, Stabilized } from './recurrence-spec.ts'
import { turnRows, type Turns } from './rotary.ts'
import { stabilize, stabilized, type PerHead, type StabilizerSlot } from './stabilizer.ts'

/** What there is per head at each step. */
export interface HeadValues {
  /** By name: [steps of all chunks, groups]. */
  readonly perHead: PerHead
  /** The slot of exponential gates, where there are such. */
  readonly stabilizer: StabilizerSlot | undefined
}

/** Computes the numbers per head, and divides exponential gates by the largest so far. */
export const headValues = (call: RecurrenceCall, { inputs, perStep }: FormulaInputs): HeadValues => {
  const { layer: { formulas, spec, sizes: { heads } }, tape, callShape } = call
  const perHead = new Map(formulas.heads.map((name) => [name, forChunks(call, [], name === 'decay' ? 1 : 0)]))
  if (!formulas.head) return { perHead, stabilizer: undefined }
  const shape = [callShape.steps * callShape.batch, heads]
  const outputs = new Map([...perHead].map(([name, of]) => [name, stepsOfCall(call, of, shape)]))
  const computed = [...outputs].filter(([name]) => !spec.stabilized || !stabilized.includes(name as Stabilized))
  tape.formula(formulas.head, Object.fromEntries(computed), { ...inputs, ...perStep })
  return { perHead, stabilizer: spec.stabilized && stabilize(tape, outputs, callShape, heads) }
}

/** The rows of each head at each step: [steps of all chunks, groups, keys]. */
export type KeyRows = { readonly [name in keyof KeyFormulas]: Variable }

/** Computes query, key, and what else a recurrence has of rows. */
export const keyRows = (call: RecurrenceCall, inputs: VariablesByName): KeyRows => {
  const { layer: { formulas, sizes: { keys } }, tape, callShape: { steps }, groups } = call
  const made = formulas.rows.map((name) => [name, forChunks(call, [keys], name === 'decay' ? 1 : 0)] as const)
  const outputs = made.map(([name, of]) => [name, stepsOfCall(call, of, [steps * groups, keys])] as const)
  tape.formula(formulas.key, Object.fromEntries(outputs), inputs)
  return Object.fromEntries(made) as unknown as KeyRows
}

/** Turns rows as far as their step has come, but not `score`, a product of rows: to turn both changes nothing. */
export const turnedRows = (call: RecurrenceCall, turns: Turns, { score, ...rows }: KeyRows): KeyRows => {
  const { layer: { sizes: { heads, keys } }, tape, callShape: { steps, batch } } = call
  const flat = (of: Variable): Variable => stepsOfCall(call, of, [steps * batch, heads * keys])
  const turned = Object.entries(rows).map(([name, row]) => {
    const y = forChunks(call, [keys])
    turnRows(tape, turns, flat(row), flat(y), heads)
    return [name, y] as const
  })
  return { ...Object.fromEntries(turned) as unknown as KeyRows, ...(score && { score }) }
}
