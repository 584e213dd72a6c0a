import { firstOrigin, isObserved, linearInputs, type Frame, type Layout } from './frame.ts'
import { linearAt, ridges, type Linear } from './linear.ts'

/**
 * What one target is, a number of rows ahead, before the network has said anything; the network learns what is left.
 */
export interface Head {
  /** Forecasts the change from the last row that was read. */
  readonly linear: Linear
  /** How large what is left usually is: it differs over the calendar, and is 0 where the linear forecast is exact. */
  readonly spread: Linear
  /** The quantiles of what is left, in units of `spread`. */
  readonly offsets: readonly number[]
}

/** Fits the heads of a layout on the training part: [target][ahead - 1]. */
export const fitHeads = (
  frame: Frame, layout: Layout, linear: LinearFor, quantiles: readonly number[], train: number,
): Head[][] =>
  layout.targets.map((target) =>
    Array.from({ length: layout.horizon }, (_, i) =>
      headFor(frame, layout, target, i + 1, linear(target, i + 1), quantiles, train),
    ),
  )

/** Gives the linear forecast of a target from a distance. */
type LinearFor = (target: number, ahead: number) => Linear

const headFor = (
  frame: Frame, layout: Layout, target: number, ahead: number, linear: Linear, quantiles: readonly number[],
  train: number,
): Head => {
  const left: { readonly t: number; readonly error: number }[] = []
  for (let t = Math.min(firstOrigin(layout), Math.floor(train / 2)); t < train - ahead; t++)
    if (isObserved(frame, target, t + ahead))
      left.push({ t, error: frame.past[target]![t + ahead]! - linearForecast(frame, layout, linear, target, ahead, t) })
  const largest = frame.past[target]!.subarray(0, train).reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const usual = left.reduce((sum, { error }) => sum + Math.abs(error), 0) / Math.max(1, left.length)
  // less is rounding
  if (!(usual > 1e-13 * largest)) return { linear, spread: nothing, offsets: quantiles.map(() => 0) }
  const calendar = left.map(({ t }) => frame.calendar[t + ahead] ?? [])
  const [spread] = ridges(calendar, left.map(({ error }) => Math.abs(error)), [0.1], calendar[0]!.map(() => true))
  const sorted = left.map(({ t, error }) => error / spreadAt(frame, spread!, t + ahead)).sort((a, b) => a - b)
  return { linear, spread: spread!, offsets: quantiles.map((q) => quantileOf(sorted, q)) }
}

const nothing: Linear = { bias: 0, mean: [], weight: [] }

/** How large what a linear forecast leaves usually is at a row: at least a third of its mean over the calendar. */
export const spreadAt = ({ calendar }: Frame, spread: Linear, row: number): number =>
  Math.max(spread.bias / 3, linearAt(spread, calendar[row] ?? []))

/** The linear forecast itself. */
export const linearForecast = (
  frame: Frame, layout: Layout, linear: Linear, target: number, ahead: number, t: number,
): number => frame.past[target]![t]! + linearAt(linear, linearInputs(frame, layout, target, ahead, t))

/** The q-quantile of sorted numbers, between neighbors in proportion (the default of NumPy and R). */
export const quantileOf = (sorted: readonly number[], q: number): number => {
  const place = q * (sorted.length - 1)
  const below = Math.floor(place)
  const [low, high] = [sorted[below] ?? 0, sorted[Math.min(below + 1, sorted.length - 1)] ?? 0]
  return low + (place - below) * (high - low)
}
