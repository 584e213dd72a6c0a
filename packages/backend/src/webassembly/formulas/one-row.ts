import type { OperandKind, Program } from '@recurra/formula'
import type { Grid } from '../../grid.ts'

interface OnGrid {
  readonly program: Program
  readonly grid: Grid
}

/** With a single column, one value per row is one per element, and one per column is a scalar. */
const transposedKind: Readonly<Record<OperandKind, OperandKind>> =
  { element: 'element', row: 'element', column: 'scalar', scalar: 'scalar' }

/** Turns a single column without gaps into a single row: four values at a time instead of one. */
export const asOneRow = ({ program, grid }: OnGrid): OnGrid => {
  const { rows, columns, places } = grid
  const { inputs, outputs, code } = program
  const operands = [...inputs, ...outputs]
  const dense = operands.every(({ kind }, i) => transposedKind[kind] === 'scalar' || places[i]!.perRow === 1)
  if (columns !== 1 || rows === 1 || !dense || code.some(({ op }) => op === 'column')) return { program, grid }
  return {
    program: {
      code,
      inputs: inputs.map((one) => ({ ...one, kind: transposedKind[one.kind] })),
      outputs: outputs.map((one) => ({ ...one, kind: transposedKind[one.kind] })),
    },
    grid: { rows: 1, columns: rows, places: places.map((place) => ({ ...place, perRow: 0 })) },
  }
}
