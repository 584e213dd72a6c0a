import type { ArgsDef } from 'citty'
import { number, wholeNumber, type Flags, type Parsed } from '../../../terminal/options.ts'
import { UsageError } from '../../../terminal/usage-error.ts'
import { oneOf, type Settings } from '../../training/settings.ts'
import { cycles, type Cycle } from './calendar.ts'

/** How a series is to be forecast, checked. */
export interface ForecastOptions {
  /** How many rows ahead. */
  readonly horizon: number
  readonly recursive: boolean
  /** The quantiles of every forecast: low, middle, high. */
  readonly quantiles: readonly number[]
  /** How many rows at the end are measured on, each from every distance; a share of the data without it. */
  readonly origins: number | undefined
  /** The rows of a season; found in the data without it, 0 is none. */
  readonly season: number | undefined
  /** What is read of the calendar; what suits the data without it. */
  readonly calendar: readonly Cycle[] | undefined
  /** Whether the network receives a mask of missing values. */
  readonly flags: boolean
}

/** The flags that a forecast alone has. */
export const forecastFlags: ArgsDef & Flags = {
  target: { type: 'string', valueHint: 'a,b', description: 'forecast: the columns to forecast; all of --columns' },
  known: {
    type: 'string',
    valueHint: 'a,b',
    description: 'forecast: columns that are known in advance, such as holidays',
  },
  horizon: {
    type: 'string',
    valueHint: 'rows',
    description: 'forecast: how many rows ahead, each learned as such; 1, and on from there',
  },
  strategy: {
    type: 'enum',
    options: ['direct', 'recursive'],
    description: 'forecast: learns each distance, or reads its own forecasts; direct where there is a horizon',
  },
  origins: {
    type: 'string',
    valueHint: 'rows',
    description:
      'forecast: how many rows at the end are measured on, each from every distance; the share of --hold-out',
  },
  season: {
    type: 'string',
    valueHint: 'rows',
    description: 'forecast: after how many rows it comes again, 0 for never; found in the data',
  },
  calendar: {
    type: 'string',
    valueHint: 'year,week,day',
    description: 'forecast: what is read of the dates; auto what suits the data, none for nothing',
  },
  interval: {
    type: 'string',
    valueHint: 'percent',
    description: 'forecast: how many of the rows to come lie within the interval; 80',
  },
}

const most = Number.MAX_SAFE_INTEGER

/** Checks the flags of a forecast. */
export const forecastOptions = (args: Parsed, { missing }: Settings): ForecastOptions => {
  const perhaps = <T>(name: string, read: () => T): T | undefined => (args[name] === undefined ? undefined : read())
  const strategy =
    perhaps('strategy', () => oneOf(args, 'strategy', ['direct', 'recursive'])) ??
    (args['horizon'] === undefined ? 'recursive' : 'direct')
  const share =
    number(args, 'interval', 'a number of percent above 0 and below 100', (value) => value > 0 && value < 100, 80) / 100
  return {
    horizon: perhaps('horizon', () => wholeNumber(args, 'horizon', 1, 1000)) ?? 1,
    recursive: strategy === 'recursive',
    quantiles: [(1 - share) / 2, 0.5, (1 + share) / 2].map((q) => Number(q.toFixed(6))),
    origins: perhaps('origins', () => wholeNumber(args, 'origins', 1, most)),
    season: perhaps('season', () => wholeNumber(args, 'season', 0, most)),
    calendar: perhaps('calendar', () => calendarOf(String(args['calendar']))),
    flags: missing === 'mask',
  }
}

const calendarOf = (given: string): Cycle[] | undefined => {
  if (given === 'auto') return undefined
  const words = given === 'none' ? [] : given.split(',').map((word) => word.trim())
  const wrong = words.find((word) => !cycles.includes(word as Cycle))
  if (wrong === undefined) return words as Cycle[]
  throw new UsageError({
    where: '--calendar',
    expected: `auto, none, or some of ${cycles.join(', ')}, with commas between them`,
    got: wrong === '' ? 'nothing' : wrong,
    fix: 'See --help.',
  })
}
