import { dateColumn, dateFormats } from './date-column.ts'
import { numberColumn, votesIn, type Votes } from './number-column.ts'
import { fault, isEmpty, isMissing, lastName, nearlyAll, type Column, type ColumnFormat, type Table } from './table.ts'

/** Formats of columns that a model has learned from: they settle what a file leaves open. */
type KnownFormats = Readonly<Record<string, ColumnFormat>>

/**
 * What the columns of a table hold, in their order. Whether a comma separates fractions or thousands is decided by all
 * values of a column; where they leave it open, by the other columns; where these do, too, `1,234` is 1.234 in a file
 * whose cells are separated by semicolons and 1234 in others, and `1.234` is 1.234. Such a decision is noted.
 */
export const columnsOf = (table: Table, known: KnownFormats = {}): Column[] =>
  table.columns.map((name) => described(table, name, known[name]))

/** The first column of a table that has one of these names, or whose path ends with one. */
export const columnCalled = (table: Table, names: readonly string[]): Column | undefined =>
  columnsOf(table).find(({ name }) => names.includes(lastName(name)))

/** One column of a table. */
const columnIn = (table: Table, name: string, known?: ColumnFormat): Column => described(table, name, known)

/** One column as numbers, whatever its other values may be. */
const numericColumn = (table: Table, name: string, known?: ColumnFormat): Column => {
  const all = votesOf(table)
  const some = (sign: string): boolean => [...all.values()].some(({ settled }) => settled === sign)
  const [points, commas] = [some('.'), some(',')]
  const elsewhere = points === commas ? undefined : points ? '.' : ','
  const hints = { known: known?.decimal, elsewhere, delimiter: table.delimiter } as const
  const { cells, flags } = cellsOf(table, name)
  const column = numberColumn(name, cells, all.get(name)!, hints)
  return flags ? { ...column, notes: [`${flags[1]} is taken as 1, ${flags[0]} as 0`, ...column.notes] } : column
}

const pairs = [['false', 'true'], ['no', 'yes']] as const

/** The values of a column; where all that are not missing are true or false, or yes or no, as 1 and 0. */
const cellsOf = (
  { rows }: Table, name: string,
): { readonly cells: unknown[]; readonly flags?: (typeof pairs)[number] | undefined } => {
  const cells = rows.map(({ values }) => values[name])
  const numberOf = (cell: unknown, pair: readonly string[]): number => pair.indexOf(String(cell).trim().toLowerCase())
  const there = cells.filter((cell) => !isMissing(cell))
  const flags = pairs.find((pair) => there.length > 0 && there.every((cell) => numberOf(cell, pair) >= 0))
  return flags ? { flags, cells: cells.map((cell) => (isMissing(cell) ? cell : numberOf(cell, flags))) } : { cells }
}

const counted = new WeakMap<Table, ReadonlyMap<string, Votes>>()

const votesOf = (table: Table): ReadonlyMap<string, Votes> => {
  const all = counted.get(table) ?? new Map(table.columns.map((name) => [name, votesIn(cellsOf(table, name).cells)]))
  counted.set(table, all)
  return all
}

const described = (table: Table, name: string, known?: ColumnFormat): Column => {
  const { cells } = cellsOf(table, name)
  const there = cells.filter((cell) => !isMissing(cell)).length
  const enough = (count: number): boolean => count >= nearlyAll * there
  const missing = cells.flatMap((cell, row) => (isEmpty(cell) ? [row] : []))
  const other = (kind: Column['kind'], notes: readonly string[] = []): Column =>
    ({ name, kind, format: {}, values: new Float64Array(), missing, exceptions: [], decimals: 0, notes })
  if (there === 0) return other('empty')
  if (enough(cells.filter(Array.isArray).length)) return other('list')
  const { count } = votesOf(table).get(name)!
  const date = dateColumn(name, cells, known?.date)
  if (date?.format.date === 'eight digits' || (date && !enough(count))) return date
  const number = enough(count) ? numericColumn(table, name, known) : undefined
  if (number && enough(there - number.exceptions.length)) return number
  return other('text', count > 0 ? [`${count} of its ${there} values are numbers`] : [])
}

/** How a column is read. */
interface ReadingOptions {
  /** Whether a value that is missing, or of another kind, is an error, or kept as NaN. Default: 'error'. */
  readonly missing?: 'error' | 'keep'
  /** How a model has learned to read the column; it settles what the file leaves open. */
  readonly known?: ColumnFormat | undefined
  /** What one may do about a missing value, as a sentence. */
  readonly advice?: string
}

/**
 * A column of numbers.
 * @throws `ValueError` at the first value that is missing or not a number, with its line; and always if less than four
 * fifths of the values are numbers.
 */
export const numbersIn = (table: Table, name: string, options: ReadingOptions = {}): Column =>
  checked(table, numericColumn(table, name, options.known), 'a number', options)

/**
 * A column of dates, in milliseconds since 1970.
 * @throws `ValueError` at the first value that is missing or not a date, with its line; and always if less than four
 * fifths of the values are dates.
 */
export const datesIn = (table: Table, name: string, options: ReadingOptions = {}): Column => {
  const column = columnIn(table, name, options.known)
  if (column.kind === 'date') return checked(table, column, 'a date', options)
  const { line, values } = table.rows[0]!
  const expected = `a date, such as 2024-03-01 or 2024-03-01T05:00 (${dateFormats.join(', ')})`
  throw fault(table, line, name, expected, values[name], 'Choose another column.')
}

const checked = (table: Table, column: Column, expected: string, options: ReadingOptions): Column => {
  const { missing = 'error', advice = 'Mend the cell, or choose what happens with --missing.' } = options
  const there = table.rows.length - column.missing.length
  const gaps = missing === 'error' || there === 0 ? column.missing : []
  const wrong = [...column.exceptions, ...gaps].sort((a, b) => a - b)
  const tooMany = there - column.exceptions.length < nearlyAll * there || there === 0
  if (wrong.length === 0 || (missing === 'keep' && !tooMany)) return column
  const { line, values } = table.rows[wrong[0]!]!
  const many = wrong.length === 1 ? '' : `${wrong.length} rows are like this. `
  const fix = `${many}${tooMany ? 'Choose other columns.' : advice}`
  throw fault(table, line, column.name, expected, values[column.name], fix)
}
