import * as v from 'valibot'
import { parsedCodec, scaler, texts } from '../../data/examples.ts'
import { scalerOf } from '../../data/numbers.ts'
import type { ColumnFormat } from '../../data/table.ts'
import type { ChosenColumns, ForecastOptions, SeriesColumns } from './choices.ts'
import { isObserved, type Frame, type InputScaling, type Layout } from './frame.ts'
import { fitHeads, type Head } from './heads.ts'
import { fitLinear, type Fitted, type Linear, type Parts } from './linear.ts'
import type { Series } from './read-series.ts'
import { calendarFeatures, cyclesIn, leavesTrace, seasonOf, type Cycle } from './seasons.ts'
import { stepLength, timeAfter, type Step } from './time-grid.ts'

/** What is needed to read rows of a series, and to say how it continues. */
export interface ForecastCodec {
  readonly columns: SeriesColumns
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
    past: texts, targets: texts, known: texts, date: v.optional(v.string()), time: v.optional(v.string()),
  }),
  formats: v.record(v.string(), format),
  decimals: numbers,
  step: v.optional(v.object({ unit: v.picklist(['milliseconds', 'months', 'weekdays']), count: v.number() })),
  calendar: v.array(v.picklist(['year', 'week', 'day'])),
  layout: v.object({
    targets: v.array(count), horizon: count, lags: count, means: v.array(count), season: count,
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

const most = 400 // rows of history: an error counts half after 60

/** Fits all that stands around the network on the training part of a series. */
export const fitCodec = (
  series: Series, chosen: ChosenColumns, options: ForecastOptions, window: number, parts: Parts,
): { readonly codec: ForecastCodec; readonly frame: Frame } => {
  const { horizon, recursive, flags, quantiles } = options
  const reported = chosen.targets.map((name) => chosen.past.indexOf(name))
  const calendar = options.calendar ?? cyclesOf(series, parts.train, reported)
  const frame = frameOf(series, calendar, horizon)
  const season = options.season ?? seasonOf(series.past[reported[0]!]!.subarray(0, parts.train), series.step)
  const layout: Layout = {
    targets: recursive ? chosen.past.map((_, i) => i) : reported,
    horizon: recursive ? 1 : horizon,
    lags: Math.max(1, Math.min(season > 1 && season <= 48 ? season + 2 : 14, Math.floor(parts.train / 6))),
    means: [14, 28, 91].filter((rows) => 8 * rows <= parts.train),
    season,
    seasonalLag: season > 1 && 4 * season <= parts.train,
  }
  const fitted = new Map<string, Fitted>()
  const linear = (target: number, ahead: number): Fitted => {
    const known = fitted.get(`${target} ${ahead}`) ?? fitLinear(frame, layout, target, ahead, parts)
    fitted.set(`${target} ${ahead}`, known)
    return known
  }
  const rows = (from: number, read: (t: number) => number[]): number[][] =>
    Array.from({ length: parts.train - from }, (_, i) => read(from + i))
  const { past, known } = frame
  const { notes: _, leftOut: __, ...columns } = chosen
  return {
    frame,
    codec: {
      columns,
      formats: series.formats,
      decimals: series.decimals,
      step: series.step,
      calendar,
      layout,
      recursive,
      horizon,
      flags,
      window,
      history: Math.min(most, parts.validation - parts.train),
      quantiles,
      scaling: {
        level: scalerOf(rows(0, (t) => [...past, ...known].map((values) => values[t]!))),
        change: scalerOf(rows(1, (t) => past.map((values) => values[t]! - values[t - 1]!))),
      },
      heads: fitHeads(frame, layout, (target, ahead) => linear(target, ahead).mixed, quantiles, parts.train),
      ridge: reported.map((target) => Array.from({ length: horizon }, (_, h) => linear(target, h + 1).ridge)),
      nonNegative: past.map((values) => isQuantity(values.subarray(0, parts.train))),
      naiveError: layout.targets.map((column) =>
        Array.from({ length: horizon }, (_, h) => naiveErrorOf(frame, column, h + 1, parts.train)),
      ),
    },
  }
}

/** The cycles that suit a series: the targets show them. */
const cyclesOf = ({ step, times, past }: Series, train: number, reported: readonly number[]): Cycle[] => {
  if (!step || !times) return []
  const learned = times.slice(0, train)
  return cyclesIn(stepLength(step), learned.at(-1)! - learned[0]!).filter((cycle) =>
    reported.some((column) => leavesTrace(cycle, learned, past[column]!)),
  )
}

const naiveErrorOf = (frame: Frame, column: number, ahead: number, train: number): number => {
  let [sum, count] = [0, 0]
  for (let t = 0; t < train - ahead; t++) {
    if (!isObserved(frame, column, t) || !isObserved(frame, column, t + ahead)) continue
    sum += Math.abs(frame.past[column]![t + ahead]! - frame.past[column]![t]!)
    count++
  }
  return sum / count
}

const often = 0.01 // the fraction of rows with a 0, from which it is taken as a limit

const isQuantity = (values: Float64Array): boolean =>
  values.every((value) => value >= 0) && values.filter((value) => value === 0).length >= often * values.length

/** The times of the rows of a series and of the rows after them. */
export const timesThrough = ({ times, step, length }: Series, more: number): number[] | undefined => {
  if (!times || !step) return undefined
  const all = times.slice(0, length + more)
  while (all.length < length + more) all.push(timeAfter(all.at(-1)!, step, 1))
  return all
}

/** A series as forecasts read it, with what the calendar says of its rows and of the rows after them. */
export const frameOf = (series: Series, calendar: readonly Cycle[], more: number): Frame => ({
  length: series.length,
  past: series.past,
  observed: series.observed,
  known: series.known,
  calendar: (timesThrough(series, more) ?? []).map((time) => calendarFeatures(time, calendar)),
})
