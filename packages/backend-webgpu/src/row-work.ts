import type { Place } from '@recurra/backend/authoring'
import type { AnyTensor, Location } from './device/memory.ts'
import type { RowCode } from './wgsl/loop-code.ts'

/** An operand of work on rows: which part of its memory belongs to which row. */
export interface RowOperand {
  readonly tensor: Pick<AnyTensor, 'data'>
  readonly place: Place
  /** Elements beside each other in a row; 0 if all rows read the same. */
  readonly width: number
  readonly written: boolean
}

/** A part of a loop as the work of one workgroup on one row. */
export interface RowWork {
  readonly operands: readonly RowOperand[]
  /** Columns that its threads share, and multiplications for all of them. */
  readonly columns: number
  readonly cost: number
  /** Its part of the operand table; `at` tells where its operands lie. */
  readonly table: (at: readonly Location[]) => readonly (readonly number[])[]
  /** Its code; `base` is the first row of its part of the table. */
  readonly code: (slots: readonly number[], base: number, threads: number) => RowCode
}

/** What a kernel is in a loop over rows that need nothing of each other. */
export interface LoopPart {
  /** How many rows it has; `undefined` if its elements can be split into any number. */
  readonly rows: number | undefined
  readonly elements: number
  /** Its work on a number of rows; `undefined` if its rows need each other. */
  readonly onRows: (rows: number) => readonly RowWork[] | undefined
}

/** The remainder that is not negative. */
const modulo = (a: number, b: number): number => ((a % b) + b) % b

const sameRows = (a: RowOperand, b: RowOperand, rows: number): boolean => {
  const { perRow } = a.place
  if (a.width === 0 || b.width === 0 || perRow !== b.place.perRow || perRow <= 0) return false
  const fits = ({ place: { offset, perStep }, width }: RowOperand): boolean =>
    modulo(offset, perRow) + width <= perRow && modulo(perStep, rows * perRow) === 0
  const row = ({ place: { offset } }: RowOperand): number => modulo(Math.floor(offset / perRow), rows)
  return fits(a) && fits(b) && row(a) === row(b)
}

/** Whether each row touches only what no other row writes, at any step. */
export const rowsAreApart = (work: readonly RowWork[], rows: number): boolean => {
  const all = work.flatMap(({ operands }) => operands)
  return all.filter(({ written }) => written).every((writer) =>
    all.every((other) => other.place.data !== writer.place.data || sameRows(writer, other, rows)))
}
