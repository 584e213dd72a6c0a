import type { Backend } from '@recurra/backend'
import type { Extent, Slots, Variable } from '@recurra/layers'
import { at, columns, rows, type Tensor } from '@recurra/tensor'
import type { CellDefinition } from './cell-definition.ts'
import { useOf } from './stages.ts'

/** The memory of one cell unrolled over time. */
export interface RecurrentMemory {
  readonly y: Variable // [time, batch, units]
  readonly initial: Slots // each [batch, units]
  readonly final: Slots
  /** The input's and the state's share of the gates; one and the same where a cell reads only their sum. */
  readonly fromX: Variable // [time, batch, gates * units]
  readonly fromH: Variable
  /** What the recurrent weights multiply: the shown state one step before. Its gradient is carried from step to step. */
  readonly prev: Variable // [time, batch, units]; the gradient [batch, units]
  /** What they multiply instead where a cell says so, e.g. r⊙h. */
  readonly source: Variable // [time, batch, units]; its gradient is that of one step, [batch, units]
  /** The same memory by the names that the formulas of a cell use. */
  readonly operands: { readonly [name: string]: Tensor }
}

/** The gates from one place to another within `[gate | gate | …]`. */
export const gatesOf = (block: Tensor, units: number, from: number, to: number): Tensor => columns(block, from * units, to * units)

export const recurrentMemory = (
  cell: CellDefinition,
  params: { readonly [name: string]: Variable },
  units: number,
  { steps, batch, lengths, mode }: Extent,
  { backend, reverse }: { readonly backend: Backend; readonly reverse: boolean },
): RecurrentMemory => {
  const training = mode === 'training'
  const [shown] = cell.state as [string]
  const perStep = (size: number): Tensor => backend.zeros([steps, batch, size])
  const gates = (): Variable => ({ value: perStep(cell.gates.length * units), grad: perStep(training ? cell.gates.length * units : 0) })

  // The history holds one state more than steps: the output is the history of one slot, one step later, without a copy.
  const history = new Map(cell.state.map((slot) => [slot, backend.zeros([steps + 1, batch, units])]))
  const [past, now, first, last] = reverse ? [1, 0, steps, 0] : [0, 1, 0, steps]
  const prev = (slot: string): Tensor => rows(history.get(slot)!, past, past + steps)
  const next = (slot: string): Tensor => rows(history.get(slot)!, now, now + steps)
  const stateAt = (position: number): Slots =>
    Object.fromEntries(cell.state.map((s) => [s, { value: at(history.get(s)!, position), grad: backend.zeros([batch, units]) }]))
  const [initial, final] = [stateAt(first), stateAt(last)]

  const fromX = gates()
  const fromH = useOf(cell) === 'apart' ? gates() : fromX
  const source = { value: perStep(cell.through ? units : 0), grad: backend.zeros([batch, cell.through ? units : 0]) }
  const y = { value: next(shown), grad: backend.zeros(training ? [steps, batch, units] : [0]) }

  const operands: { [name: string]: Tensor } = { dy: y.grad, source: source.value, 'y.source': source.value, 'd.source': source.grad }
  if (lengths) operands['mask'] = lengths.mask
  const name = (names: readonly string[], { value, grad }: Variable, k: number): void => {
    for (const each of names) {
      operands[each] = gatesOf(value, units, k, k + 1)
      if (training) operands[`d.${each}`] = gatesOf(grad, units, k, k + 1)
    }
  }
  cell.gates.forEach((g, k) => {
    name([`x.${g}`, `gate.${g}`], fromX, k)
    name([`h.${g}`], fromH, k)
  })
  for (const s of cell.state) {
    Object.assign(operands, { [s]: next(s), [`y.${s}`]: next(s), [`prev.${s}`]: prev(s) })
    operands[`d.${s}`] = initial[s]!.grad // one place carries the state's gradient back through all steps
  }
  for (const v of cell.vectors) Object.assign(operands, { [`vector.${v}`]: params[v]!.value, [`d.vector.${v}`]: params[v]!.grad })
  return { y, initial, final, fromX, fromH, prev: { value: prev(shown), grad: initial[shown]!.grad }, source, operands }
}
