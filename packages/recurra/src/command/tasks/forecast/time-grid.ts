/** From one row of a series to the next. */
export interface Step {
  readonly unit: 'milliseconds' | 'months' | 'weekdays'
  readonly count: number
}

/** Rows that are not there though their times lie between those of others. */
interface Gap {
  /** The row before which they are missing. */
  readonly row: number
  readonly count: number
}

/** How the rows of a series lie in time. */
export interface TimeGrid {
  /** Nothing where rows are not evenly spaced. */
  readonly step: Step | undefined
  readonly gaps: readonly Gap[]
}

const day = 86_400_000 // milliseconds
const usual = 0.8 // the fraction of steps of one length that makes a series evenly spaced

/** The grid of times in ascending order, without two alike. */
export const timeGridOf = (times: readonly number[]): TimeGrid => {
  const step = times.length < 3 ? undefined : likeliestStep(times)
  if (!step) return { step: undefined, gaps: [] }
  const places = times.map((time) => placeOf(time, step))
  const moves = places.slice(1).map((place, i) => (place - places[i]!) / step.count)
  const near = moves.map((move) => (Math.abs(move - Math.round(move)) <= 0.25 ? Math.round(move) : Number.NaN))
  if (near.filter((move) => move === 1).length < usual * moves.length) return { step: undefined, gaps: [] }
  return { step, gaps: near.flatMap((move, i) => (move > 1 ? [{ row: i + 1, count: move - 1 }] : [])) }
}

const likeliestStep = (times: readonly number[]): Step => {
  const median = middle(times.slice(1).map((time, i) => time - times[i]!))
  if (median >= 27 * day) {
    const months = middle(times.slice(1).map((time, i) => monthOf(time) - monthOf(times[i]!)))
    const onDay = (time: number): number => (isMonthEnd(time) ? 31 : new Date(time).getUTCDate())
    if (months >= 1 && times.filter((time) => onDay(time) === onDay(times[0]!)).length >= usual * times.length)
      return { unit: 'months', count: months }
  }
  if (median === day && times.length >= 10 && times.every((time) => weekday(time) < 5))
    return { unit: 'weekdays', count: 1 }
  return { unit: 'milliseconds', count: median }
}

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
const monthOf = (time: number): number => 12 * new Date(time).getUTCFullYear() + new Date(time).getUTCMonth()
const isMonthEnd = (time: number): boolean => new Date(time + day).getUTCMonth() !== new Date(time).getUTCMonth()
/** 0 is Monday. */
const weekday = (time: number): number => (((Math.floor(time / day) + 3) % 7) + 7) % 7

const placeOf = (time: number, { unit }: Step): number => {
  if (unit === 'months') return monthOf(time)
  if (unit === 'milliseconds') return time
  const days = Math.floor(time / day) + 3
  return 5 * Math.floor(days / 7) + Math.min(weekday(time), 4)
}

/** The time a number of steps after another. */
export const timeAfter = (time: number, { unit, count }: Step, steps: number): number => {
  if (unit === 'milliseconds') return time + steps * count
  if (unit === 'months') {
    const date = new Date(time)
    const [month, end] = [date.getUTCMonth() + steps * count, isMonthEnd(time)]
    const length = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate()
    return Date.UTC(date.getUTCFullYear(), month, end ? length : Math.min(length, date.getUTCDate())) + (time % day)
  }
  let next = time
  for (let i = 0; i < steps; i++) next += day * (weekday(next) === 4 ? 3 : 1)
  return next
}

/** How long a step is, about, in milliseconds. */
export const stepLength = ({ unit, count }: Step): number =>
  count * { milliseconds: 1, months: 30.44 * day, weekdays: 1.4 * day }[unit]

const names: readonly (readonly [string, Step])[] = [
  ['second', { unit: 'milliseconds', count: 1000 }], ['minute', { unit: 'milliseconds', count: 60_000 }],
  ['hour', { unit: 'milliseconds', count: 3_600_000 }], ['day', { unit: 'milliseconds', count: day }],
  ['weekday', { unit: 'weekdays', count: 1 }], ['week', { unit: 'milliseconds', count: 7 * day }],
  ['month', { unit: 'months', count: 1 }], ['quarter', { unit: 'months', count: 3 }],
  ['year', { unit: 'months', count: 12 }],
]

/** A step as a word, `day`; a row where there is no word for it. */
export const stepName = (step: Step | undefined): string =>
  names.find(([, { unit, count }]) => unit === step?.unit && count === step.count)?.[0] ?? 'row'

/** A time as people write it: without its hours where none of a series has any. */
export const writtenTime = (time: number, step?: Step): string => {
  const text = new Date(time).toISOString()
  return time % day === 0 && (step === undefined || stepLength(step) >= day)
    ? text.slice(0, 10)
    : text.slice(0, text.endsWith(':00.000Z') ? 16 : 19)
}
