import { ValueError } from '@recurra/tensor'
import { UsageError } from '../../../terminal/usage-error.ts'
import type { Column } from '../../data/column.ts'
import { columnsOf, type KnownFormats } from '../../data/columns.ts'
import { columnNamed, type Table } from '../../data/table.ts'
import type { LeftOut } from '../../notes.ts'

/** Which columns of a table are used, and for what. */
export interface ChosenColumns {
  /** Those whose past is read. */
  readonly past: readonly string[]
  /** Those of them that are forecast. */
  readonly targets: readonly string[]
  /** Those whose future is known. */
  readonly known: readonly string[]
  /** That with the dates, and that with the time of day where it stands in one of its own. */
  readonly date?: string | undefined
  readonly time?: string | undefined
  /** How a doubt about their numbers was settled. */
  readonly notes: readonly string[]
  readonly leftOut: readonly LeftOut[]
}

/** What a person chose. */
export interface Choice {
  readonly columns?: readonly string[] | undefined
  readonly target?: readonly string[] | undefined
  readonly known?: readonly string[] | undefined
}

/** The choice that the flags of the command make. */
export const choiceOf = (args: Readonly<Record<string, unknown>>): Choice => {
  const list = (flag: string): string[] | undefined =>
    args[flag] === undefined ? undefined : String(args[flag]).split(',').map((name) => name.trim())
  return { columns: list('columns'), target: list('target'), known: list('known') }
}

/** Chooses columns: those that were named, or else all with numbers. What is not used is named with the reason. */
export const chooseColumns = (
  table: Table,
  { columns, target, known = [] }: Choice,
  formats?: KnownFormats,
): ChosenColumns => {
  const all = columnsOf(table, formats)
  for (const [flag, names] of [['columns', columns ?? []], ['target', target ?? []], ['known', known]] as const)
    for (const name of names) columnNamed(table, flag, name, [])
  const both = known.find((name) => target?.includes(name))
  if (both !== undefined)
    throw new UsageError({
      where: '--known',
      expected: 'columns that are not forecast',
      got: both,
      fix: 'A column is either a target or known in advance.',
    })
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
    past,
    targets,
    known,
    date: date?.name,
    time: time?.name,
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
  all: readonly Column[],
  used: readonly string[],
  dates: readonly (string | undefined)[],
  counting: readonly Column[],
): Pick<ChosenColumns, 'notes' | 'leftOut'> => ({
  leftOut: all
    .filter(({ name }) => !used.includes(name) && !dates.includes(name))
    .map((column) => ({ column: column.name, reason: reasonFor(column, counting) })),
  notes: all
    .filter(({ name }) => used.includes(name) || dates.includes(name))
    .flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
})

const reasonFor = (column: Column, counting: readonly Column[]): string => {
  const { kind, notes } = column
  const aside = notes.length > 0 ? ` (${notes.join('; ')})` : ''
  if (counting.includes(column)) return notes.find((note) => note.startsWith('suspicious'))!
  if (kind === 'number') return `not among --columns${aside}`
  return `${{ date: 'a second date', text: 'a text', list: 'a list', empty: 'empty' }[kind]}${aside}`
}
