import type { Grid, Place } from '@recurra/backend/authoring'
import type { OperandKind, Program } from '@recurra/formula'
import { isIndices } from '@recurra/tensor'
import type { LoopPart, RowOperand, RowWork } from './row-work.ts'
import type { BoundFormula } from './snapshots.ts'
import { sizesOf } from './wgsl/lines.ts'
import { rowOfFormula } from './wgsl/loop-code.ts'

/** The outputs of a program that one pass writes. */
interface Pass { readonly kind: OperandKind; readonly outputs: readonly number[] }

/** The kinds of passes in their order: what reduces comes first, since elements may overwrite what it reads. */
const order: readonly OperandKind[] = ['scalar', 'row', 'column', 'element']

/** The passes of a program in their order. */
export const passesIn = ({ outputs }: Program): readonly Pass[] =>
  order
    .map((kind) => ({ kind, outputs: outputs.flatMap((output, i) => (output.kind === kind ? [i] : [])) }))
    .filter((pass) => pass.outputs.length > 0)

/** A grid with that many rows; one whose rows follow each other without a gap was bound as a single row. */
const withRows = (grid: Grid, kinds: readonly OperandKind[], rows: number): Grid | undefined => {
  if (grid.rows === rows) return grid
  if (!isOneRow(grid, kinds) || grid.columns % rows !== 0) return undefined
  const columns = grid.columns / rows
  const places = grid.places.map((place, i): Place =>
    (kinds[i] === 'element' ? { ...place, perRow: columns } : place))
  return { rows, columns, places }
}
const isOneRow = ({ rows }: Grid, kinds: readonly OperandKind[]): boolean =>
  rows === 1 && kinds.every((kind) => kind === 'element' || kind === 'scalar')

/** A formula in a loop: its rows are apart unless it reduces them. */
export const formulaInLoop = ({ program, tensors, grid }: BoundFormula, subgroup: number | undefined): LoopPart => {
  const kinds = [...program.inputs, ...program.outputs].map(({ kind }) => kind)
  const columnAware = program.code.some(({ op }) => op === 'column')
  const free = isOneRow(grid, kinds) && !columnAware
  const onRows = (rows: number): readonly RowWork[] | undefined => {
    const split = columnAware && rows !== grid.rows ? undefined : withRows(grid, kinds, rows)
    if (!split || program.outputs.some(({ kind }) => kind === 'scalar' || kind === 'column')) return undefined
    const widths = { element: split.columns, row: 1, column: 0, scalar: 0 }
    const operands = split.places.map((place, i): RowOperand => ({
      tensor: tensors[i]!, place,
      width: place.perRow === 0 ? 0 : widths[kinds[i]!], written: i >= program.inputs.length,
    }))
    return passesIn(program).map(({ kind, outputs }): RowWork => ({
      operands,
      columns: split.columns,
      cost: 0,
      table: (at) => [
        sizesOf(rows, split.columns),
        ...split.places.map(({ offset, perStep, perRow }, i) => [at[i]!.start + offset, perStep, perRow, 0]),
      ],
      code: (slots, base, threads) =>
        rowOfFormula({
          program, kind, outputs, base, subgroup,
          operands: slots.map((slot, i) => ({ slot, integers: isIndices(tensors[i]!) })),
        }, threads),
    }))
  }
  return { rows: free ? undefined : grid.rows, elements: grid.rows * grid.columns, onRows }
}
