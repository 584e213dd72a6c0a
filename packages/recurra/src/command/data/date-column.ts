import { isMissing, nearlyAll, type Column, type DateFormat } from './table.ts'

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

/** A date as it is written in a cell. */
interface WrittenDate {
  /** Milliseconds since 1970 by the clock on the wall: where a zone is given, it is not subtracted. */
  readonly wall: number
  /** Minutes that the zone is ahead of UTC; nothing where there is no zone. */
  readonly zone: number | undefined
}

const time = '(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2}(?:[.,]\\d{1,9})?))?'
  + ' ?(?<half>[aApP]\\.?[mM]\\.?)? ?(?<zone>Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?'
const dated = (...dates: readonly string[]): RegExp[] =>
  dates.map((date) => new RegExp(`^(?:[A-Za-z]{3,9},? )?${date}(?:,? ?[T ] ?${time})?$`))
const [day, month, year] = ['(?<day>\\d{1,2})', '(?<month>\\d{1,2})', '(?<year>\\d{4}|\\d{2})']
const named = '(?<name>[A-Za-z]{3,9})\\.?'

const patterns: Readonly<Record<DateFormat, readonly RegExp[]>> = {
  'year first': dated('(?<year>\\d{4})(?<mark>[-/.])(?<month>\\d{1,2})(?:\\k<mark>(?<day>\\d{1,2}))?'),
  'day first': dated(`${day}(?<mark>[-/.])${month}\\k<mark>${year}`),
  'month first': dated(`${month}(?<mark>[-/])${day}\\k<mark>${year}`),
  'month by name': dated(
    `${day}[. -] ?${named}[ -]${year}`, `${named} ${day}(?:st|nd|rd|th)?,? ${year}`, `${named}[ -](?<year>\\d{4})`,
  ),
  'eight digits': [/^(?<year>(?:19|20)\d{2})(?<month>\d{2})(?<day>\d{2})$/],
  'time of day': [new RegExp(`^${time}$`)],
}
const months = [
  'january', 'february', 'march', 'april', 'may', 'june',
  'july', 'august', 'september', 'october', 'november', 'december',
]

/** All of them, in the order in which they are tried. */
export const dateFormats = Object.keys(patterns) as readonly DateFormat[]

/** A cell as a date; nothing if it is not written so, or there is no such day. Years of two digits are 1969 to 2068. */
const writtenDate = (cell: unknown, format: DateFormat): WrittenDate | undefined => {
  if (typeof cell !== 'string') return undefined
  const text = cell.trim().replace(/\s+/g, ' ')
  const found = patterns[format].map((pattern) => pattern.exec(text)?.groups).find(Boolean)
  if (!found) return undefined
  const { year = '1970', month = '1', day = '1', name, hour = '0', minute = '0', second = '0', half } = found
  const inYear = name === undefined ? Number(month) - 1
    : months.findIndex((one) => one.startsWith(name.toLowerCase().replace(/^sept$/, 'sep')))
  const full = year.length > 2 ? Number(year) : Number(year) + (Number(year) < 69 ? 2000 : 1900)
  const midnight = new Date(0)
  midnight.setUTCFullYear(full, inYear, Number(day))
  if (midnight.getUTCMonth() !== inYear || midnight.getUTCDate() !== Number(day)) return undefined
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0)
  if (hours > 24 || Number(minute) > 59 || Number(second.replace(',', '.')) >= 61) return undefined
  const seconds = (hours * 60 + Number(minute)) * 60 + Number(second.replace(',', '.'))
  return { wall: midnight.getTime() + Math.round(seconds * 1000), zone: minutesAhead(found['zone']) }
}

const minutesAhead = (zone: string | undefined): number | undefined => {
  if (zone === undefined || !/\d/.test(zone)) return zone === undefined ? undefined : 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(':', '') || 0)]
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
