import { nearlyAll, type Column, type ColumnFormat } from './column.ts'
import { columnIn, numericColumn } from './columns.ts'
import { dateFormats } from './written-date.ts'
import { fault, type Table } from './table.ts'

/** How a column is read. */
export interface ReadingOptions {
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
