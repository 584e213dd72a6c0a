import { stepLength, type Step } from './time-grid.ts'

const [hour, day] = [3_600_000, 86_400_000] // milliseconds
const weak = 0.1 // a season that explains less is none
const most = 400 // rows, where no calendar says how long a season may be

/** The seasons that a calendar suggests, in rows. */
const suggested = (step: Step): number[] => {
  const length = stepLength(step)
  const year =
    step.unit === 'months' ? [12 / step.count] : step.unit === 'weekdays' ? [261] : [365.2425 * (day / length)]
  const week = step.unit === 'weekdays' ? [5] : [(7 * day) / length]
  return [
    ...(length <= 8 * hour ? [day / length] : []),
    ...(length <= day || step.unit === 'weekdays' ? week : []),
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
  const strengths = possible
    .map((lag) => 1 - difference(lag) / difference(Math.max(1, Math.round(lag / 2))))
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
