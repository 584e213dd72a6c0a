import { ValueError } from '@recurra/tensor'
import { flagError, number, type Parsed } from '../../../terminal/options.ts'
import { columnsOf } from '../../data/columns.ts'
import { columnsNamed, type Column, type Table } from '../../data/table.ts'
import * as flag from '../../flags.ts'
import type { LeftOut } from '../../notes.ts'
import { oneOf, type Settings } from '../../training/settings.ts'
import { cycles, type Cycle } from './seasons.ts'

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

const strategies = ['direct', 'recursive']

/** The flags that a forecast alone has. */
export const forecastFlags: Readonly<Record<string, flag.Flag>> = {
  target: flag.text('a,b', 'forecast: the columns to forecast. Default: all of --columns'),
  known: flag.text('a,b', 'forecast: columns that are known in advance, such as holidays'),
  horizon: flag.text('rows', 'forecast: the rows to forecast, each with its own outputs; 1, then recursively'),
  strategy: flag.oneOf(
    strategies,
    'forecast: one output per distance, or recursion on its own forecasts; direct with --horizon',
  ),
  origins: flag.text(
    'rows', 'forecast: the number of rows at the end to evaluate on, from every distance. Default: --hold-out',
  ),
  season: flag.text('rows', 'forecast: the length of a season in rows, 0 for no season. Default: detected'),
  calendar: flag.text(
    'year,week,day', 'forecast: the calendar features; auto chooses from the data, none for no features',
  ),
  interval: flag.text('percent', 'forecast: the percentage of future rows within the interval; 80'),
}

/** Checks the flags of a forecast. */
export const forecastOptions = (args: Parsed, { missing }: Settings): ForecastOptions => {
  const usual = args['horizon'] === undefined ? 'recursive' : 'direct'
  const share =
    number(args, 'interval', 'a number of percent above 0 and below 100', (value) => value > 0 && value < 100, 80) / 100
  return {
    horizon: flag.integerIn(args, 'horizon', 1, 1000) ?? 1,
    recursive: oneOf({ strategy: usual, ...args }, 'strategy', strategies) === 'recursive',
    quantiles: [(1 - share) / 2, 0.5, (1 + share) / 2].map((q) => Number(q.toFixed(6))),
    origins: flag.integerIn(args, 'origins', 1),
    season: flag.integerIn(args, 'season', 0),
    calendar: calendarIn(args),
    flags: missing === 'mask',
  }
}

const calendarIn = ({ calendar = 'auto' }: Parsed): Cycle[] | undefined => {
  const given = String(calendar)
  if (given === 'auto') return undefined
  const words = given === 'none' ? [] : given.split(',').map((word) => word.trim())
  const wrong = words.find((word) => !cycles.includes(word as Cycle))
  if (wrong === undefined) return words as Cycle[]
  throw flagError('calendar', `auto, none, or some of ${cycles.join(', ')}, with commas between them`, wrong)
}

/** Which columns of a table are used, and for what. */
export interface SeriesColumns {
  /** Those whose past is read. */
  readonly past: readonly string[]
  /** Those of them that are forecast. */
  readonly targets: readonly string[]
  /** Those whose future is known. */
  readonly known: readonly string[]
  /** That with the dates, and that with the time of day where it stands in one of its own. */
  readonly date?: string | undefined
  readonly time?: string | undefined
}

/** The same, with what is to be said of the choice. */
export interface ChosenColumns extends SeriesColumns {
  /** How a doubt about their numbers was settled. */
  readonly notes: readonly string[]
  readonly leftOut: readonly LeftOut[]
}

/** Chooses columns: those that flags name, or else all with numbers. What is not used is named with the reason. */
export const chooseColumns = (table: Table, args: Parsed): ChosenColumns => {
  const all = columnsOf(table)
  const list = (flag: string): string[] | undefined =>
    args[flag] === undefined ? undefined : columnsNamed(table, flag, String(args[flag]))
  const [columns, target, known = []] = ['columns', 'target', 'known'].map(list)
  const both = known.find((name) => target?.includes(name))
  if (both !== undefined)
    throw flagError(
      'known', 'columns that are not forecast', both, 'A column is either a target or known in advance.',
    )
  const dates = all.filter(({ kind }) => kind === 'date')
  const date = dates.find(({ format }) => format.date !== 'time of day')
  const time = date && dates.find(({ format }) => format.date === 'time of day')
  const named = [...new Set([...(columns ?? []), ...(target ?? [])])].filter((name) => !known.includes(name))
  const numeric = all.filter(({ name, kind }) => kind === 'number' && !known.includes(name))
  const counting = numeric.filter((column) => isCounter(column) && numeric.length > 1)
  const usual = numeric.filter((column) => !counting.includes(column)).map(({ name }) => name)
  const past = columns === undefined ? [...new Set([...usual, ...named])] : named
  const targets = target ?? past
  if (past.length === 0) {
    const fix = 'Say which with --columns; then the first row without a number is named.'
    const got = `none among ${table.columns.join(', ')}`
    throw new ValueError({ where: table.file, expected: 'a column of numbers to forecast', got, fix })
  }
  return {
    past, targets, known, date: date?.name, time: time?.name,
    ...columnsSummary(all, [...past, ...known], [date?.name, time?.name], counting),
  }
}

/** Whether a column only counts the rows, or names them. */
const isCounter = ({ name, notes }: Column): boolean => {
  const note = notes.find((one) => one.startsWith('suspicious')) ?? ''
  const counts =
    /changes by .* row number/.test(note) &&
    /(^|[\W_])(id|nr|no|index|row|year|month|day|hour|week|time|date|stamp|timestamp|unix)$|^$/i.test(name)
  return counts || /changes by 1 from|identifier/.test(note)
}

const columnsSummary = (
  all: readonly Column[], used: readonly string[], dates: readonly (string | undefined)[],
  counting: readonly Column[],
): Pick<ChosenColumns, 'notes' | 'leftOut'> => ({
  leftOut: all.filter(({ name }) => !used.includes(name) && !dates.includes(name))
    .map((column) => ({ column: column.name, reason: reasonFor(column, counting) })),
  notes: all.filter(({ name }) => used.includes(name) || dates.includes(name))
    .flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
})

const reasonFor = (column: Column, counting: readonly Column[]): string => {
  const { kind, notes } = column
  const aside = notes.length > 0 ? ` (${notes.join('; ')})` : ''
  if (counting.includes(column)) return notes.find((note) => note.startsWith('suspicious'))!
  if (kind === 'number') return `not among --columns${aside}`
  return `${{ date: 'a second date', text: 'a text', list: 'a list', empty: 'empty' }[kind]}${aside}`
}
