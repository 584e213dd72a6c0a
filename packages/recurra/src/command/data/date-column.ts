import { isMissing, nearlyAll, type Column } from './column.ts'
import { dateFormats, writtenDate, type DateFormat, type WrittenDate } from './written-date.ts'

/**
 * The values of a column as dates, if nearly all are. Whether the day or the month comes first is settled by a number
 * above 12; else by the format that a model has learned from; else by which of both puts the rows in order; else the
 * month does where slashes separate them, as in the United States, and the day otherwise.
 */
export const dateColumn = (name: string, cells: readonly unknown[], known?: DateFormat): Column | undefined => {
  const there = cells.filter((cell) => !isMissing(cell))
  const sample = there.slice(0, 20)
  const possible = dateFormats.filter((format) => sample.some((cell) => writtenDate(cell, format)))
  const datesAs = (format: DateFormat): Reading['dates'] =>
    cells.map((cell) => (isMissing(cell) ? undefined : writtenDate(cell, format)))
  const read = possible.map((format): Reading => ({ format, dates: datesAs(format) }))
  const counts = read.map(({ dates }) => dates.filter(Boolean).length)
  const most = Math.max(...counts)
  if (read.length === 0 || most < nearlyAll * there.length) return undefined
  const best = read.filter((_, i) => counts[i] === most)
  const { format, note }: Choice = best.length > 1 ? chosen(best, there[0], known) : best[0]!
  const dates = best.find((one) => one.format === format)!.dates
  const utc = new Set(dates.flatMap((date) => (date ? [date.zone] : []))).size > 1
  return {
    name, kind: 'date', format: { date: format }, decimals: 0,
    values: Float64Array.from(dates, (date) => (date ? date.wall - (utc ? (date.zone ?? 0) * minute : 0) : NaN)),
    missing: cells.flatMap((cell, row) => (isMissing(cell) ? [row] : [])),
    exceptions: cells.flatMap((cell, row) => (dates[row] === undefined && !isMissing(cell) ? [row] : [])),
    notes: [
      ...(note ? [note] : []),
      ...(format === 'eight digits' ? [`${JSON.stringify(there[0])} is read as a date: year, month, day`] : []),
      ...(utc ? ['its zones differ, so that its times are those of UTC'] : []),
    ],
  }
}

const minute = 60_000 // milliseconds

interface Reading {
  readonly format: DateFormat
  readonly dates: readonly (WrittenDate | undefined)[]
}

interface Choice {
  readonly format: DateFormat
  readonly note?: string
}

/** Which of several readings it is, and why. */
const chosen = (readings: readonly Reading[], first: unknown, known?: DateFormat): Choice => {
  if (readings.some(({ format }) => format === known)) return { format: known! }
  if (readings.every(({ dates }) => same(dates, readings[0]!.dates))) return { format: readings[0]!.format }
  const ordered = readings.filter(({ dates }) => inOrder(dates))
  const usual = String(first).includes('/') ? 'month first' : 'day first'
  const { format } = (ordered.length === 1 ? ordered[0] : readings.find((one) => one.format === usual)) ?? readings[0]!
  const why = ordered.length === 1 ? 'which puts the rows in order' : 'as nothing in the file says otherwise'
  return { format, note: `${JSON.stringify(first)} is read with the ${format}, ${why}` }
}

const same = (a: Reading['dates'], b: Reading['dates']): boolean => a.every((date, i) => date?.wall === b[i]?.wall)
const inOrder = (dates: Reading['dates']): boolean => {
  const times = dates.flatMap((date) => (date ? [date.wall] : []))
  return times.every((time, i) => i === 0 || time >= times[i - 1]!)
}
