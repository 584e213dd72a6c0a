import * as v from 'valibot'
import type { ColumnFormat } from '../../data/column.ts'
import { parsedCodec, scaler, texts } from '../../data/codec.ts'
import type { ChosenColumns } from './choose-columns.ts'
import type { Cycle } from './calendar.ts'
import type { Layout } from './frame.ts'
import type { Head } from './heads.ts'
import type { InputScaling } from './network-inputs.ts'
import type { Linear } from './ridge.ts'
import type { Step } from './time-grid.ts'

/** What is needed to read rows of a series, and to say how it continues. */
export interface ForecastCodec {
  readonly columns: Pick<ChosenColumns, 'past' | 'targets' | 'known' | 'date' | 'time'>
  readonly formats: Readonly<Record<string, ColumnFormat>>
  /** Digits behind the point of each column of the past. */
  readonly decimals: readonly number[]
  readonly step?: Step | undefined
  readonly calendar: readonly Cycle[]
  /** What is read, and which columns the network forecasts, which may be more than are asked for. */
  readonly layout: Layout
  /** Whether the network forecasts one row, and reads its own forecasts for the next. */
  readonly recursive: boolean
  /** How many rows ahead are measured. */
  readonly horizon: number
  /** Whether the network receives a mask of missing values. */
  readonly flags: boolean
  /** Whether each column of the past is a quantity that is often 0 and never below: its forecasts are not either. */
  readonly nonNegative: readonly boolean[]
  /** How many rows the network reads before it speaks. */
  readonly window: number
  /** How many rows before a forecast correct it by their errors. */
  readonly history: number
  /** Of a row that is to come: below the low one, the middle, below the high one. */
  readonly quantiles: readonly number[]
  readonly scaling: InputScaling
  readonly heads: readonly (readonly Head[])[]
  /** Ridge regressions to compare with: [target of `columns`][ahead - 1]. */
  readonly ridge: readonly (readonly Linear[])[]
  /** The mean absolute error of the naive forecast on the rows that were learned from: [target][ahead - 1]. */
  readonly naiveError: readonly (readonly number[])[]
}

const numbers = v.array(v.number())
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const format = v.object({ decimal: v.optional(v.picklist(['.', ','])), date: v.optional(v.string()) })
const linear = v.object({ bias: v.number(), mean: numbers, weight: numbers })

const schema = v.object({
  columns: v.object({
    past: texts,
    targets: texts,
    known: texts,
    date: v.optional(v.string()),
    time: v.optional(v.string()),
  }),
  formats: v.record(v.string(), format),
  decimals: numbers,
  step: v.optional(v.object({ unit: v.picklist(['milliseconds', 'months', 'weekdays']), count: v.number() })),
  calendar: v.array(v.picklist(['year', 'week', 'day'])),
  layout: v.object({
    targets: v.array(count),
    horizon: count,
    lags: count,
    means: v.array(count),
    season: count,
    seasonalLag: v.boolean(),
  }),
  recursive: v.boolean(),
  horizon: count,
  flags: v.boolean(),
  nonNegative: v.array(v.boolean()),
  window: count,
  history: count,
  quantiles: numbers,
  scaling: v.object({ level: scaler, change: scaler }),
  heads: v.array(v.array(v.object({ linear, spread: linear, offsets: numbers }))),
  ridge: v.array(v.array(linear)),
  naiveError: v.array(numbers),
})

/** Looks at what a run has kept; a `ConfigurationError` says where it is wrong. */
export const parseForecastCodec = (kept: unknown): ForecastCodec =>
  parsedCodec(schema as v.GenericSchema<unknown, ForecastCodec>, kept)
