import { linearAt, ridges } from './linear.ts'
import { stepLength, type Step } from './time-grid.ts'

/** A cycle of the calendar that a row stands in. */
export type Cycle = 'year' | 'week' | 'day'

/** All of them. */
export const cycles: readonly Cycle[] = ['year', 'week', 'day']

const [hour, day] = [3_600_000, 86_400_000] // milliseconds
const year = 365.2425 * day
/** How many waves describe a cycle: three describe any course over the days of a week. */
const waves: Readonly<Record<Cycle, number>> = { year: 2, week: 3, day: 3 }

/** Where in a cycle a time stands, from 0 to below 1. Times are read as they are written, without a zone. */
const phases: Readonly<Record<Cycle, (time: number) => number>> = {
  year: (time) => {
    const from = Date.UTC(new Date(time).getUTCFullYear(), 0)
    return (time - from) / (Date.UTC(new Date(time).getUTCFullYear() + 1, 0) - from)
  },
  week: (time) => ((Math.floor(time / day) + 3) % 7) / 7, // 1 January 1970 was a Thursday, a week begins with Monday
  day: (time) => (time % day) / day,
}

/** The cycles that rows can show: longer than a step, and seen at least twice. */
export const cyclesIn = (step: number, span: number): Cycle[] => [
  ...(step <= 0.3 * year && span >= 1.9 * year ? ['year' as const] : []),
  ...(step <= day && span >= 14 * day ? ['week' as const] : []),
  ...(step <= 8 * hour && span >= 2 * day ? ['day' as const] : []),
]

const strong = 6 // times the variance that chance explains

/**
 * Whether a cycle shows in how a series changes from row to row: it explains more than chance would (an F-test).
 * A year shows in levels rather than in changes, and is not asked.
 */
export const leavesTrace = (cycle: Cycle, times: readonly number[], values: ArrayLike<number>): boolean => {
  if (cycle === 'year') return true
  const rows = times.slice(1).map((time) => calendarFeatures(time, [cycle]))
  const changes = rows.map((_, i) => values[i + 1]! - values[i]!)
  const [linear] = ridges(rows, changes, [1e-6], rows[0]!.map(() => true))
  const [all, left] = [linear!.bias, undefined].map((mean) =>
    changes.reduce((sum, change, i) => sum + (change - (mean ?? linearAt(linear!, rows[i]!))) ** 2, 0),
  ) as [number, number]
  const [freedom, size] = [rows.length - rows[0]!.length - 1, rows[0]!.length]
  return freedom > 0 && (all - left) / size > strong * (left / freedom)
}

/** A time as sines and cosines of its place in each cycle. */
export const calendarFeatures = (time: number, of: readonly Cycle[]): number[] =>
  of.flatMap((cycle) =>
    Array.from({ length: waves[cycle] }, (_, i) => 2 * Math.PI * (i + 1) * phases[cycle](time)).flatMap((angle) => [
      Math.sin(angle), Math.cos(angle),
    ]),
  )

const weak = 0.1 // a season that explains less is none
const most = 400 // rows, where no calendar says how long a season may be

/** The seasons that a calendar suggests, in rows. */
const suggested = (step: Step): number[] => {
  const length = stepLength(step)
  const year =
    step.unit === 'months' ? [12 / step.count] : step.unit === 'weekdays' ? [261] : [365.2425 * (day / length)]
  const week = step.unit === 'weekdays' ? [5] : [(7 * day) / length]
  return [
    ...(length <= 8 * hour ? [day / length] : []), ...(length <= day || step.unit === 'weekdays' ? week : []),
    ...year,
  ].map(Math.round)
}

/**
 * The number of rows after which a series is most like itself again; 0 where nothing comes again. In a season, rows
 * differ less from those one season before than from those half a season before.
 */
export const seasonOf = (series: ArrayLike<number>, step: Step | undefined): number => {
  const length = series.length
  const values = withoutTrend(series)
  const difference = (lag: number): number => {
    let sum = 0
    for (let t = lag; t < length; t++) sum += Math.abs(values[t]! - values[t - lag]!)
    return sum / (length - lag)
  }
  const possible = (step ? suggested(step) : Array.from({ length: most - 1 }, (_, i) => i + 2)).filter(
    (lag) => lag >= 2 && 2 * lag <= length,
  )
  const strengths = possible.map((lag) => 1 - difference(lag) / difference(Math.max(1, Math.round(lag / 2))))
    .map((one) => (Number.isFinite(one) ? one : -1))
  const strongest = Math.max(weak, ...strengths)
  // Two seasons are one as well: the shortest of those that explain about as much.
  const best = possible.find((_, i) => strengths[i]! >= strongest - 0.05 && strengths[i]! > weak)
  return best ?? 0
}

/** What is left of a series beside the line that fits it best; all 0 where that is rounding. */
const withoutTrend = (series: ArrayLike<number>): Float64Array => {
  const values = Float64Array.from(series)
  const [middle, mean] = [(values.length - 1) / 2, values.reduce((a, b) => a + b, 0) / values.length]
  const [moment, square] = values.reduce(
    ([m, s], value, t) => [m + (t - middle) * (value - mean), s + (t - middle) ** 2] as const,
    [0, 0] as readonly [number, number],
  )
  const left = values.map((value, t) => value - mean - (moment / (square || 1)) * (t - middle))
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return left.every((value) => Math.abs(value) <= 1e-12 * largest) ? left.fill(0) : left
}
