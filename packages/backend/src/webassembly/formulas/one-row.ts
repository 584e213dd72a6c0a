import type { OperandKind, Program } from '@recurra/formula'
import type { Grid } from '../../grid.ts'

interface OnGrid {
  readonly program: Program
  readonly grid: Grid
}

/** Where there is one column, what is one per row is one per element, and what is one per column is one in all. */
const transposedKind: Readonly<Record<OperandKind, OperandKind>> =
  { element: 'element', row: 'element', column: 'scalar', scalar: 'scalar' }

/** A single column without gaps becomes a single row: four rows at a time instead of one. */
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
