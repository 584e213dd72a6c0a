import { ValueError } from '@recurra/tensor'
import { sumOf } from '../../data/numbers.ts'
import { fault, type Table, type TableRow } from '../../data/table.ts'
import { counted, type Note } from '../../notes.ts'
import type { SeriesColumns } from './choices.ts'
import { writtenTime, type TimeGrid } from './time-grid.ts'

const choices =
  'Choose how the grid of times is kept: --missing carry (the last value goes on), interpolate (a line to the next), ' +
  'or mask (the model receives a mask).'

/** Throws at the first hole of a table, in the order of its rows. */
export const expectWhole = (
  table: Table, columns: readonly { readonly name: string; readonly values: Float64Array }[], past: number,
  length: number, grid: TimeGrid | undefined, times: readonly number[] | undefined,
): void => {
  const gap = grid?.gaps[0]
  const holeIn = ({ values }: (typeof columns)[number], i: number): number =>
    values.findIndex((value, row) => Number.isNaN(value) && (i >= past || row < length))
  const holes = columns.map((column, i) => ({ column, row: holeIn(column, i) })).filter(({ row }) => row >= 0)
    .sort((a, b) => a.row - b.row)
  const first = holes[0]
  if (first && (!gap || first.row <= gap.row)) {
    const row: TableRow = table.rows[first.row]!
    const many = first.column.values.filter(Number.isNaN).length
    throw fault(
      table, row.line, first.column.name, 'a number', row.values[first.column.name],
      `${many > 1 ? `${many} rows are like this. ` : ''}${choices}`,
    )
  }
  if (!gap) return
  const missing = sumOf(grid.gaps.map(({ count }) => count))
  const many = missing === 1 ? 'one row is missing' : `${counted(missing)} rows are missing in all`
  throw new ValueError({
    where: `${table.file}, line ${table.rows[gap.row]!.line}`,
    expected: `the row that follows ${writtenTime(times![gap.row - 1]!, grid.step)}`,
    got: `${writtenTime(times![gap.row]!, grid.step)}: ${many}`,
    fix: choices,
  })
}

/** What was found in a series, and what was done about it. */
interface Found {
  readonly table: Table
  readonly chosen: SeriesColumns
  readonly grid: TimeGrid | undefined
  /** Of the grid, with those of the future. */
  readonly rows: number
  /** Where the future begins. */
  readonly end: number
  /** How many values are missing. */
  readonly holes: number
  readonly filling: Filling | undefined
}

const done: Readonly<Record<Filling, string>> = {
  carry: 'the last one is repeated', interpolate: 'they are interpolated between their neighbors',
  mask: 'the model receives a mask',
}

const many = (count: number, what: string): string => `${counted(count)} ${what}${count === 1 ? '' : 's'}`

/** The same in words. */
export const seriesNotes = ({ table, chosen, grid, rows, end, holes, filling }: Found): Note[] => {
  const notes: Note[] = []
  const say = (text: string, figures: Note['figures']): void => void notes.push({ text, figures })
  if (grid && !grid.step)
    say(`the rows of ${chosen.date} are not evenly spaced: each is taken as one step, and forecasts have no dates`, {
      evenlySpaced: false,
    })
  if (grid?.step && grid.gaps.length > 0) {
    const [before, missingRows] = [table.rows[grid.gaps[0]!.row]!.line, rows - table.rows.length]
    say(`${chosen.date} leaves out ${many(missingRows, 'row')}, the first before line ${before}`, { missingRows })
  }
  if (holes > 0) {
    const how = `${done[filling!]}; nothing is learned from or measured on such rows`
    say(`${many(holes, 'value')} missing: ${how}`, { missingValues: holes })
  }
  if (end < rows)
    say(`${many(rows - end, 'row')} at the end without ${chosen.targets.join(', ')}: taken as the future`, {
      futureRows: rows - end,
    })
  return notes
}

/** What can be done where a series has a hole, so that it stays on its grid of times. */
export type Filling = 'carry' | 'interpolate' | 'mask'

/** Fills NaN: with the last value before it, or on the line between its neighbors; at an end, with the nearest. */
export const filled = (values: Float64Array, how: Filling): Float64Array => {
  const full = Float64Array.from(values)
  const next = new Int32Array(values.length + 1).fill(-1)
  for (let row = values.length - 1; row >= 0; row--) next[row] = Number.isNaN(values[row]!) ? next[row + 1]! : row
  let before = -1
  for (let row = 0; row < full.length; row++) {
    const after = next[row]!
    if (after === row) before = row
    else if (before < 0) full[row] = after < 0 ? 0 : values[after]!
    else if (how !== 'interpolate' || after < 0) full[row] = values[before]!
    else full[row] = values[before]! + ((row - before) / (after - before)) * (values[after]! - values[before]!)
  }
  return full
}
