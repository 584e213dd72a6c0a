import { ConfigurationError, ValueError } from '@recurra/tensor'
import { datesIn, numbersIn } from '../../data/columns.ts'
import { expectColumns, type ColumnFormat, type Table } from '../../data/table.ts'
import type { Note } from '../../notes.ts'
import type { SeriesColumns } from './choices.ts'
import type { InputScaling } from './frame.ts'
import { expectWhole, filled, seriesNotes, type Filling } from './holes.ts'
import { timeGridOf, writtenTime, type Step, type TimeGrid } from './time-grid.ts'

/** A series as a file has it, on a grid of times where there are dates. */
export interface Series {
  readonly step: Step | undefined
  /** Of each row, and of those of the future that the file has; nothing without dates. */
  readonly times: readonly number[] | undefined
  /** How many rows were observed; the file may continue with rows of which only what is known in advance is there. */
  readonly length: number
  readonly past: readonly Float64Array[]
  readonly observed: readonly Uint8Array[] | undefined
  readonly known: readonly Float64Array[]
  readonly decimals: readonly number[]
  readonly formats: Readonly<Record<string, ColumnFormat>>
  /** What was found and done. */
  readonly notes: readonly Note[]
}

const day = 86_400_000 // milliseconds

/** Rows of a series that a model can be asked about: three days with the mean of each column. */
export const exampleSeries = ({ columns: { past, known, date, time }, scaling }: {
  readonly columns: SeriesColumns
  readonly scaling: InputScaling
}): object[] => {
  const { level: { mean } } = scaling
  return [0, 1, 2].map((row) => ({
    ...(date !== undefined && { [date]: writtenTime(Date.UTC(2026, 0, 1) + row * day, undefined) }),
    ...(time !== undefined && { [time]: '00:00' }),
    ...Object.fromEntries([...past, ...known].map((name, i) => [name, Number(mean[i]!.toPrecision(4))])),
  }))
}

/** Reads a series. Holes are an error that names the choices, unless one was made. */
export const readSeries = (
  file: Table, chosen: SeriesColumns, missing: string, formats: Readonly<Record<string, ColumnFormat>> = {},
): Series => {
  expectColumns(file, [...chosen.past, ...chosen.known])
  const filling = fillingOf(missing)
  const { table, times: dated, notes } = inOrder(file, chosen, formats)
  const read = (name: string) => numbersIn(table, name, { missing: 'keep', known: formats[name] })
  const [past, known] = [chosen.past.map(read), chosen.known.map(read)]
  const length = lastRow(past.map(({ values }) => values), table)
  const grid = dated && timeGridOf(dated)
  if (!filling) expectWhole(table, [...past, ...known], past.length, length, grid, dated)
  const place = placesIn(table.rows.length, grid)
  const [rows, ended] = [place.length, place.findIndex((from) => from === length)]
  const end = ended < 0 ? rows : ended
  const spread = (values: Float64Array): Float64Array =>
    Float64Array.from(place, (from) => (from < 0 ? NaN : values[from]!))
  const raw = past.map(({ values }) => spread(values).subarray(0, end))
  const holes = raw.reduce((sum, values) => sum + values.filter(Number.isNaN).length, 0)
  return {
    step: grid?.step,
    times: grid?.step && dated ? spreadTimes(dated, place) : undefined,
    length: end,
    past: raw.map((values) => (filling ? filled(values, filling) : values)),
    observed:
      holes > 0 ? raw.map((values) => Uint8Array.from(values, (value) => (Number.isNaN(value) ? 0 : 1))) : undefined,
    known: known.map(({ values }) => (filling ? filled(spread(values), filling) : spread(values))),
    decimals: past.map(({ decimals }) => decimals),
    formats: Object.fromEntries([...past, ...known].map(({ name, format }) => [name, format])),
    notes: [...(file.notes ?? []), ...notes, ...seriesNotes({ table, chosen, grid, rows, end, holes, filling })],
  }
}

const fillingOf = (missing: string): Filling | undefined => {
  if (missing === 'error') return undefined
  if (missing === 'carry' || missing === 'interpolate' || missing === 'mask') return missing
  throw new ConfigurationError({
    where: '--missing', expected: 'carry, interpolate or mask to forecast', got: missing,
    fix: 'A row that is dropped, or filled with the mean, tears the series.',
  })
}

/** How many rows there are before the last ones in which nothing of the past is there. */
const lastRow = (past: readonly Float64Array[], { file, rows }: Table): number => {
  let length = rows.length
  while (length > 0 && past.every((values) => Number.isNaN(values[length - 1]!))) length--
  if (length > 0) return length
  throw new ValueError({ where: file, expected: 'rows with numbers', got: 'none', fix: 'Check the columns.' })
}

/** For each row of the grid, the row of the table; -1 where there is none. */
const placesIn = (rows: number, grid: TimeGrid | undefined): number[] => {
  const missing = new Map(grid?.gaps.map(({ row, count }) => [row, count]))
  return Array.from({ length: rows }, (_, row) => [
    ...Array.from({ length: missing.get(row) ?? 0 }, () => -1), row,
  ]).flat()
}

/** Times of rows that were put in lie between their neighbors. */
const spreadTimes = (times: readonly number[], place: readonly number[]): number[] => [
  ...filled(Float64Array.from(place, (from) => (from < 0 ? NaN : times[from]!)), 'interpolate'),
]

/** A table whose rows follow each other in time. */
interface InOrder {
  readonly table: Table
  /** The times of its rows, in ascending order; nothing without dates, or where two rows have the same. */
  readonly times: readonly number[] | undefined
  /** What was found. */
  readonly notes: readonly Note[]
}

/** Puts the rows of a table in the order of their dates. Where dates come twice, rows stay in the order of the file. */
const inOrder = (
  table: Table, { date, time }: SeriesColumns, formats: Readonly<Record<string, ColumnFormat>>,
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
