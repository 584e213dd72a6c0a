import type { ColumnFormat } from '../../data/column.ts'
import type { Table } from '../../data/table.ts'
import { datesIn } from '../../data/values-in.ts'
import type { Note } from '../task.ts'
import type { ChosenColumns } from './choose-columns.ts'
import { writtenTime } from './time-grid.ts'

/** A table whose rows follow each other in time. */
export interface InOrder {
  readonly table: Table
  /** The times of its rows, in ascending order; nothing without dates, or where two rows have the same. */
  readonly times: readonly number[] | undefined
  /** What was found. */
  readonly notes: readonly Note[]
}

/** Puts the rows of a table in the order of their dates. Where dates come twice, rows stay in the order of the file. */
export const inOrder = (
  table: Table,
  { date, time }: ChosenColumns,
  formats: Readonly<Record<string, ColumnFormat>>,
): InOrder => {
  if (date === undefined) return { table, times: undefined, notes: [] }
  const advice = 'A row of a series needs its date: mend the cell.'
  const read = (name: string): Float64Array => datesIn(table, name, { known: formats[name], advice }).values
  const hours = time === undefined ? undefined : read(time)
  const times = Array.from(read(date), (value, row) => value + (hours?.[row] ?? 0))
  const order = [...times.keys()].sort((a, b) => times[a]! - times[b]!)
  const sorted = order.map((row) => times[row]!)
  const twice = order.findIndex((row, i) => i > 0 && sorted[i] === sorted[i - 1] && row > order[i - 1]!)
  if (twice > 0) {
    const note = `${date}: ${writtenTime(sorted[twice]!)} of line ${table.rows[order[twice]!]!.line} comes twice`
    const fix =
      'rows are taken in the order of the file, a step each, without dates (several series go into a file each)'
    return { table, times: undefined, notes: [{ text: `${note}: ${fix}`, figures: { timesTwice: true } }] }
  }
  const wrong = times.findIndex((one, row) => row > 0 && one < times[row - 1]!)
  if (wrong < 0) return { table, times, notes: [] }
  const note = `${date}: line ${table.rows[wrong]!.line} is earlier than the one before it: rows are sorted by time`
  const rows = order.map((row) => table.rows[row]!)
  return { table: { ...table, rows }, times: sorted, notes: [{ text: note, figures: { sorted: true } }] }
}
