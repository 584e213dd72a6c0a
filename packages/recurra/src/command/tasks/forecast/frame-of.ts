import { calendarFeatures, type Cycle } from './calendar.ts'
import type { Frame } from './frame.ts'
import type { Series } from './read-series.ts'
import { timeAfter } from './time-grid.ts'

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
