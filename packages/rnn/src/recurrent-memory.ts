import type { Backend } from '@recurra/backend'
import { gradientOf, writtenAs } from '@recurra/formula'
import { variable, type CallShape, type Slots, type Variable } from '@recurra/layers/authoring'
import { at, columns, rows, type Tensor } from '@recurra/tensor'
import { useOf, type CellDefinition } from './cell-definition.ts'
import { operandOf } from './operands.ts'

/** The memory of one cell unrolled over time. */
export interface RecurrentMemory {
  readonly y: Variable // [time, batch, units]
  readonly initial: Slots // each [batch, units]
  readonly final: Slots
  /** The input's and the state's share of the gates; one and the same where a cell reads only their sum. */
  readonly fromX: Variable // [time, batch, gates * units]
  readonly fromH: Variable
  /**
   * What the recurrent weights multiply: the shown state one step before. Its gradient is carried from step to step.
   */
  readonly prev: Variable // [time, batch, units]; the gradient [batch, units]
  /** What they multiply instead in some gates, e.g. r⊙h: the recurrent inputs of the cell. */
  readonly sources: readonly Variable[] // each [time, batch, units]; the gradient is that of one step, [batch, units]
  /** What a projection multiplies, and what comes back to it: nothing where there is none. */
  readonly unprojected: Variable // [time, batch, units]; its gradient is that of one step, [batch, units]
  /** The same memory by the names that the formulas of a cell use. */
  readonly operands: { readonly [name: string]: Tensor }
}

/** The gates from one place to another within `[gate | gate | …]`. */
export const gatesOf = (block: Tensor, units: number, from: number, to: number): Tensor =>
  columns(block, from * units, to * units)

export const recurrentMemory = (
  cell: CellDefinition,
  units: number,
  projection: number | undefined,
  { steps, batch, lengths, mode }: CallShape,
  { backend, reverse }: { readonly backend: Backend; readonly reverse: boolean },
): RecurrentMemory => {
  const training = mode === 'training'
  const [shown] = cell.state as [string]
  const perStep = (size: number): Tensor => backend.zeros([steps, batch, size])
  const gradient = (shape: readonly number[]): Tensor => backend.zeros(training ? shape : [0])
  const gates = (): Variable => variable(backend, [steps, batch, cell.gates.length * units], training)

  // The history holds one state more than steps: the output is the history of one slot, one step later, without a copy.
  const width = (slot: string): number => (slot === shown ? projection ?? units : units)
  const history = new Map(cell.state.map((slot) => [slot, backend.zeros([steps + 1, batch, width(slot)])]))
  const [past, now, first, last] = reverse ? [1, 0, steps, 0] : [0, 1, 0, steps]
  const prev = (slot: string): Tensor => rows(history.get(slot)!, past, past + steps)
  const next = (slot: string): Tensor => rows(history.get(slot)!, now, now + steps)
  const stateAt = (position: number): Slots =>
    Object.fromEntries(cell.state.map((slot) => {
      const value = at(history.get(slot)!, position)
      return [slot, { value, grad: gradient(value.shape) }]
    }))
  const [initial, final] = [stateAt(first), stateAt(last)]

  const fromX = gates()
  const fromH = useOf(cell) === 'apart' ? gates() : fromX
  const sources = cell.recurrentInputs.map(() => ({ value: perStep(units), grad: gradient([batch, units]) }))
  const y = { value: next(shown), grad: gradient([steps, batch, width(shown)]) }
  const kept = projection ? units : 0
  const unprojected = { value: perStep(kept), grad: gradient([batch, kept]) }

  const operands: { [name: string]: Tensor } = { dy: y.grad, ...(lengths && { mask: lengths.mask }) }
  const bind = (operand: string, value: Tensor, grad: Tensor): void => {
    operands[operand] = operands[writtenAs(operand)] = value // as it is written, and as a derivative reads it
    operands[gradientOf(operand)] = grad
  }
  const gate = (role: 'x' | 'h' | 'gate', name: string, { value, grad }: Variable, k: number): void =>
    bind(operandOf(role, name), gatesOf(value, units, k, k + 1), training ? gatesOf(grad, units, k, k + 1) : grad)
  cell.gates.forEach((name, k) => {
    gate('x', name, fromX, k)
    gate('gate', name, fromX, k)
    gate('h', name, fromH, k)
  })
  sources.forEach(({ value, grad }, k) => bind(operandOf('source', k), value, grad))
  for (const slot of cell.state) {
    // one place carries the state's gradient back through all steps
    bind(operandOf('next', slot), next(slot), initial[slot]!.grad)
    operands[operandOf('prev', slot)] = prev(slot)
  }
  if (projection) bind(operandOf('next', shown), unprojected.value, unprojected.grad)
  return {
    y,
    initial,
    final,
    fromX,
    fromH,
    prev: { value: prev(shown), grad: initial[shown]!.grad },
    sources,
    unprojected,
    operands,
  }
}
