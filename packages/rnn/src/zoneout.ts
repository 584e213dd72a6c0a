import { input, mix, type OperandKind } from '@recurra/formula'
import type { CellDefinition } from './cell-definition.ts'
import { operandOf } from './operands.ts'

/**
 * Zoneout (Krueger et al. 2017): with some probability a unit keeps its state through a step. `zone.<slot>` says which:
 * 1 or 0 for each unit in training, and at inference the probability itself, which gives the expected state.
 */
export const zoneout = (cell: CellDefinition, slots: readonly string[], kind: OperandKind): CellDefinition => ({
  ...cell,
  next: Object.fromEntries(
    Object.entries(cell.next).map(([slot, value]) => [
      slot,
      slots.includes(slot) ? mix(input(operandOf('zone', slot), kind), value, input(operandOf('prev', slot))) : value,
    ]),
  ),
})
