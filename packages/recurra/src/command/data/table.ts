import { ValueError } from '@recurra/tensor'
import { flagError } from '../../terminal/options.ts'
import type { Note } from '../notes.ts'

/** What separates the whole part of a number from its fraction. */
export type Decimal = '.' | ','

/** A way to write dates. */
export type DateFormat = 'year first' | 'day first' | 'month first' | 'month by name' | 'eight digits' | 'time of day'

/** How the values of a column are written. */
export interface ColumnFormat {
  /** Of numbers: what separates the fraction. */
  readonly decimal?: Decimal | undefined
  /** Of dates: the order of their parts. */
  readonly date?: DateFormat | undefined
}

/** What a column holds. */
export interface Column {
  readonly name: string
  /** What nearly all of its values are. */
  readonly kind: 'number' | 'date' | 'text' | 'list' | 'empty'
  readonly format: ColumnFormat
  /** Numbers, or dates in milliseconds since 1970: one for each row, NaN where there is none. Empty for other kinds. */
  readonly values: Float64Array
  /** The rows without a value, by their place in the table. */
  readonly missing: readonly number[]
  /** The rows whose value is of another kind, by their place in the table. */
  readonly exceptions: readonly number[]
  /** Digits behind the decimal sign, at most. */
  readonly decimals: number
  /** What a person should know of it: how a doubt was settled, its unit, what looks suspicious. */
  readonly notes: readonly string[]
}

/** Nearly all values: this share of those that are not missing. */
export const nearlyAll = 0.8

const words: ReadonlySet<string> = new Set([
  '', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', 'nil', '-', '--', '\u2013', '\u2014', '?', '.',
])

/** Whether a cell is empty: nothing, `null`, or white space alone. In texts and labels only such a cell is missing. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '')

/**
 * Whether a number or a date is missing: an empty cell, NaN, or one of the words for it, in upper or lower case: NA,
 * N/A, #N/A, NaN, null, none, nil, a dash, a question mark, a single point.
 */
export const isMissing = (value: unknown): boolean =>
  isEmpty(value) || Number.isNaN(value) || (typeof value === 'string' && words.has(value.trim().toLowerCase()))

/** A file of rows. */
export interface Table {
  readonly file: string
  readonly columns: readonly string[]
  readonly rows: readonly TableRow[]
  /** What separates the cells, where something does. */
  readonly delimiter?: string
  /** What is counted for people: lines, unless the file has no line for each row. */
  readonly counts?: 'line' | 'row'
  /** How the file was understood, where it left a doubt. */
  readonly notes?: readonly Note[]
}

/** One row: texts of a CSV file, or anything of a JSONL file, by column. */
export interface TableRow {
  /** Where it stands in the file, from 1: its line, or its place where rows are counted. */
  readonly line: number
  readonly values: { readonly [column: string]: unknown }
}

/** The last name of a path, in lower case: `text` of `data.Text`. */
export const lastName = (column: string): string => column.split('.').at(-1)!.toLowerCase()

/** The column that was asked for by a flag, or else the first whose name, or last name of its path, is a usual one. */
export const columnNamed = (table: Table, flag: string, given: unknown, usual: readonly string[]): string => {
  const found = given === undefined
    ? usual.map((name) => table.columns.find((column) => lastName(column) === name)).find(Boolean)
    : table.columns.find((column) => column === given)
  if (found !== undefined) return found
  throw flagError(
    flag, `one of the columns ${table.columns.join(', ')}`,
    given === undefined ? `none, and no column is called ${usual.join(' or ')}` : String(given),
    `Say which column of ${table.file} it is.`,
  )
}

/** The columns that were asked for by a flag, with commas between them; a name may have commas itself. */
export const columnsNamed = (table: Table, flag: string, given: string): string[] => {
  const parts = given.split(',')
  const found: string[] = []
  while (parts.length > 0) {
    const lengths = Array.from(parts, (_, i) => parts.length - i)
    const length = lengths.find((some) => table.columns.includes(parts.slice(0, some).join(',').trim())) ?? 1
    found.push(columnNamed(table, flag, parts.splice(0, length).join(',').trim(), []))
  }
  return [...new Set(found)]
}

/** Throws unless a table has the columns that a model has learned from. */
export const expectColumns = (table: Table, columns: readonly string[]): void => {
  const missing = columns.find((column) => !table.columns.includes(column))
  if (missing !== undefined)
    throw new ValueError({
      where: table.file,
      expected: `the columns that the model learned from: ${columns.join(', ')}`,
      got: `none called ${missing}, but ${table.columns.join(', ')}`,
      fix: 'Name its columns alike.',
    })
}

/** Whether a value can be read as a number. */
export const isNumeric = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))

/** A text of a row; a number is one, too, and so is a list of words. */
export const textIn = (table: Table, { line, values }: TableRow, column: string): string => {
  const text = asText(values[column])
  if (text !== undefined) return text
  throw fault(table, line, column, 'a text', values[column])
}

const asText = (value: unknown): string | undefined => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value)
  const words = Array.isArray(value) ? value.map(asText) : [undefined]
  return words.includes(undefined) ? undefined : words.join(' ')
}

/** Where a row stands. */
export const placeOf = ({ file, counts = 'line' }: Table, line: number): string => `${file}, ${counts} ${line}`

/** What is wrong with a value, and where. */
export const fault = (
  table: Table, line: number, column: string, expected: string, value: unknown, fix = 'Mend or drop the row.',
): ValueError => {
  const got = isEmpty(value) ? 'nothing' : JSON.stringify(value).slice(0, 60)
  return new ValueError({ where: `${placeOf(table, line)}, ${column}`, expected, got, fix })
}
