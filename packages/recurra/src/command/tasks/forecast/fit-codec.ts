import { scalerOf } from '../../data/codec.ts'
import { cyclesIn, leavesTrace, type Cycle } from './calendar.ts'
import type { ChosenColumns } from './choose-columns.ts'
import type { ForecastCodec } from './codec.ts'
import { fitLinear, type Fitted, type Parts } from './fit-linear.ts'
import { frameOf } from './frame-of.ts'
import { isObserved, type Frame, type Layout } from './frame.ts'
import { fitHeads } from './heads.ts'
import type { ForecastOptions } from './options.ts'
import type { Series } from './read-series.ts'
import { seasonOf } from './season.ts'
import { stepLength } from './time-grid.ts'

const most = 400 // rows of history: an error counts half after 60

/** Fits all that stands around the network on the training part of a series. */
export const fitCodec = (
  series: Series,
  chosen: ChosenColumns,
  options: ForecastOptions,
  window: number,
  parts: Parts,
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

const often = 0.01 // the share of rows with a 0, from which it is taken as a limit

const isQuantity = (values: Float64Array): boolean =>
  values.every((value) => value >= 0) && values.filter((value) => value === 0).length >= often * values.length
