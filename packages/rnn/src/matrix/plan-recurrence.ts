import {
  copy, disjointView, inSequence, passOf, viewOn, type CallShape, type Frame, type PlannedCall, type Slots,
  type Variable, type VariablesByName, type Wire,
} from '@recurra/layers/authoring'
import { at, reshape, rows, viewOf, type Tensor } from '@recurra/tensor'
import { chunkwise } from './chunkwise.ts'
import { formulaInputs } from './formula-inputs.ts'
import { project } from './projections.ts'
import { forChunks, recurrenceCall, stepsOfCall, type Built, type RecurrenceCall } from './recurrence-call.ts'
import { turnsOf, turnState, type Turns } from './rotary.ts'
import { headValues, keyRows, turnedRows, type KeyRows } from './step-values.ts'

/** What the recurrence of a call reads, by name: [steps, batch · heads], or with an axis for keys or values. */
export interface RecurrenceMemory {
  /** What there is per head, such as a decay or the gates of a stabilizer. */
  readonly perHead: { readonly [name: string]: Tensor }
  /** The rows of each head: key, decay, read and write; turned, where they turn. */
  readonly rows: { readonly [name: string]: Tensor }
  /** How far they have turned. */
  readonly turns: Turns | undefined
  /** The value, with a column of ones behind it where the recurrence is normalized. */
  readonly value: Tensor
  /** Other slots of the state after each step, but those of convolutions: [steps, batch, …]. */
  readonly slots: { readonly [slot: string]: Tensor }
  /** The gradients of the projections: [steps, batch, width]. */
  readonly gradients: readonly Tensor[]
}

/** A call of a recurrence with a matrix state. */
export interface MatrixFrame extends Frame<Slots> {
  /** What it read. */
  readonly recurrence: RecurrenceMemory
}

/** Plans the steps of a layer: projections, the formulas per head, row and column, chunks, and the output. */
export const planRecurrence = (
  layer: Built, x: Wire, callShape: CallShape,
): PlannedCall & Pick<MatrixFrame, 'recurrence'> => {
  const { spec, sizes: { heads, keys } } = layer
  const { steps, batch } = callShape
  const call = recurrenceCall(layer, callShape)
  const { tape } = call
  const { projected, history, ...convolved } = project(tape, layer, x, callShape)
  const given = formulaInputs(call, projected)
  const { perHead, stabilizer } = headValues(call, given)
  const inputs = {
    ...given.inputs,
    ...Object.fromEntries([...perHead].map(([name, of]) =>
      [`head.${name}`, stepsOfCall(call, of, [steps * call.groups])])),
  }
  const rowsOfKeys = keyRows(call, inputs)
  const value = valuesOf(call, inputs)
  const turns = spec.rotary ? turnsOf(tape, keys / 2, callShape) : undefined
  const turned = turns ? turnedRows(call, turns, rowsOfKeys) : rowsOfKeys
  const { y, initial, last } = runChunks(call, turned, value, turned.decay ?? perHead.get('decay')!)
  const final = turns ? turnState(tape, turns, last, heads) : last
  const slots = (when: 'initial' | 'final'): Slots => ({
    S: viewOn({ initial, final }[when], (of) => reshape(of, [batch, heads, ...of.shape.slice(1)])),
    ...(stabilizer && { m: stabilizer[when] }),
    ...convolved[when],
  })
  const ofCall = (all: Iterable<readonly [string, Variable]>): { readonly [name: string]: Tensor } =>
    Object.fromEntries([...all].map(([name, { value }]) => [name, rows(value, 0, steps)]))
  return {
    y: outputOf(call, inputs, y, turned.score),
    callShape: given.callShape,
    recurrence: {
      perHead: ofCall(perHead), rows: ofCall(Object.entries(turned)), turns, value: rows(value.value, 0, steps),
      slots: { ...(stabilizer && { m: stabilizer.all }), ...history },
      gradients: Object.values(projected).map(({ grad }) => grad),
    },
    initial: slots('initial'),
    final: slots('final'),
    pass: tape.pass(),
  }
}

/** The columns of a matrix: those of the values, and one more for the sum of the keys where that is asked for. */
const columnsOfMatrix = ({ layer: { spec, sizes } }: RecurrenceCall): number => sizes.values + (spec.normalized ? 1 : 0)

/** The values among the columns at all steps of the call: [steps · groups, values]. */
const valueColumns = (call: RecurrenceCall) => (of: Tensor): Tensor =>
  viewOf(of, [call.callShape.steps * call.groups, call.layer.sizes.values], [columnsOfMatrix(call), 1], of.offset)

/** What is written: the value, with a column of ones behind it where the recurrence is normalized. */
const valuesOf = (call: RecurrenceCall, inputs: VariablesByName): Variable => {
  const { layer: { formulas, spec }, tape } = call
  const value = forChunks(call, [columnsOfMatrix(call)], spec.normalized ? 1 : 0)
  tape.formula(formulas.value, { value: viewOn(value, valueColumns(call)) }, inputs)
  return value
}

/** Runs the recurrence: what is read of the state at each step, and the state before the first and after the last. */
const runChunks = (
  call: RecurrenceCall, rowsOfKeys: KeyRows, value: Variable, decay: Variable,
): { readonly y: Variable; readonly initial: Variable; readonly last: Variable } => {
  const { layer: { sizes: { keys } }, callShape: { mode }, tape, chunks, groups } = call
  const { score: _, ...read } = rowsOfKeys
  const matrices = [groups, keys, columnsOfMatrix(call)]
  const history = tape.backend.zeros([chunks.count + 1, ...matrices])
  const slot = (chunk: number): Variable => ({ value: at(history, chunk), grad: tape.variable(...matrices).grad })
  const [initial, last] = [slot(0), slot(chunks.count)]
  const y = forChunks(call, [columnsOfMatrix(call)])
  const steps = chunkwise(
    tape.backend, { ...read, value, decay, state: { value: history, grad: initial.grad }, y }, chunks, mode,
  )
  const arrive = passOf([], [copy(tape.backend, last.grad, initial.grad)])
  tape.run(inSequence(steps, arrive), ...new Set([value, decay, ...Object.values(read)]))
  return { y, initial, last }
}

/** The output: [steps, batch, heads · values]. */
const outputOf = (
  call: RecurrenceCall, inputs: VariablesByName, y: Variable, score: Variable | undefined,
): Variable => {
  const { layer: { formulas, sizes: { heads, keys, values } }, callShape: { steps, batch }, tape, groups } = call
  const count = steps * groups
  const out = tape.variable(steps, batch, heads * values)
  const perMatrix = (width: number, column: number) => (of: Tensor): Tensor =>
    viewOf(of, [count], [width], of.offset + column)
  tape.formula(formulas.output, { out: viewOn(out, (of) => reshape(of, [count, values])) }, {
    ...inputs, y: disjointView(y, valueColumns(call)), norm: disjointView(y, perMatrix(columnsOfMatrix(call), values)),
    ...(score && { score: viewOn(score, perMatrix(keys, 0)) }),
  })
  return out
}
