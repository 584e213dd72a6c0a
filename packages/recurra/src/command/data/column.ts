import type { DateFormat } from './written-date.ts'
import type { Decimal } from './written-number.ts'

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
