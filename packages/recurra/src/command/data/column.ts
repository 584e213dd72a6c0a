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
