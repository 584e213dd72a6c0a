import { linearAt, ridges } from './ridge.ts'

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
      Math.sin(angle),
      Math.cos(angle),
    ]),
  )
