import { scaled, type Scaler } from '../../data/codec.ts'
import type { Frame } from './frame.ts'

/** How numbers come to the network. */
export interface InputScaling {
  /** Of the levels of the columns of the past, and then of those known in advance. */
  readonly level: Scaler
  /** Of the changes of the columns of the past. */
  readonly change: Scaler
}

/** What the network reads beside the numbers. */
export interface InputOptions {
  readonly scaling: InputScaling
  /** How many rows ahead it receives the known columns. */
  readonly horizon: number
  /** Whether it receives a mask of missing values. */
  readonly flags: boolean
}

/** What the network reads at row t: levels, changes, what is missing, the calendar, what is known of rows ahead. */
export const networkInputs = (
  { past, known, observed, calendar }: Frame,
  { scaling: { level, change }, horizon, flags }: InputOptions,
  t: number,
): number[] => {
  const now = [...past, ...known].map((values) => values[t]!)
  const changes = past.map((values) => values[t]! - values[Math.max(0, t - 1)]!)
  const ahead = known.flatMap((values, k) =>
    Array.from({ length: horizon }, (_, h) => scaleOne(values[t + h + 1] ?? values[t]!, level, past.length + k)),
  )
  return [
    ...scaled(now, level),
    ...scaled(changes, change),
    ...(flags ? past.map((_, i) => observed?.[i]![t] ?? 1) : []),
    ...(calendar[t] ?? []),
    ...ahead,
  ]
}

const scaleOne = (value: number, { mean, deviation }: Scaler, i: number): number => (value - mean[i]!) / deviation[i]!
