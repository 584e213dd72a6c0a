import { numbersIn } from '../../data/columns.ts'
import { writtenNumber } from '../../data/number-column.ts'
import { symbolsOf } from '../../data/symbols.ts'
import { fault, isEmpty, isMissing, textIn, type Table } from '../../data/table.ts'
import { counted, type Note } from '../../notes.ts'
import type { InputChoice, RawRow } from './input.ts'

/** What stands in the rows of a table: nothing where a row is left out. */
export interface ReadRows {
  readonly rows: readonly (RawRow | undefined)[]
  readonly notes: readonly Note[]
}

const advice = 'Mend the cell, or choose with --missing: drop leaves the row out, fill takes the mean, '
  + 'mask also tells the model where.'

type TextChoice = Extract<InputChoice, { kind: 'text' }>
type NumbersChoice = Extract<InputChoice, { kind: 'numbers' }>

/**
 * Reads the rows of a table. A value that is missing, or not a number, is an error; or its row is left out; or it is
 * NaN, as `missing` says.
 */
export const readRows = (table: Table, choice: InputChoice, missing: string): ReadRows => {
  if (choice.kind === 'text') return readTexts(table, choice, missing)
  const rows = choice.list ? readLists(table, choice.columns[0]!, missing) : readCells(table, choice, missing)
  const gaps = rows.reduce((sum, row) => sum + row.flat().filter(Number.isNaN).length, 0)
  if (gaps === 0) return { rows, notes: [] }
  const isWhole = (row: number[][]): boolean => !row.flat().some(Number.isNaN)
  if (missing === 'drop') return { rows: rows.map((row) => (isWhole(row) ? row : undefined)), notes: [] }
  const how = missing === 'mask' ? 'masked' : 'filled with the mean of the training'
  const text = `missing values, or such that are not numbers: ${counted(gaps)}, ${how}`
  return { rows, notes: [{ text, figures: { missing: gaps } }] }
}

const readTexts = (table: Table, { column, cutting }: TextChoice, missing: string): ReadRows => {
  const fix = 'Mend the cell, or leave such rows out with --missing drop.'
  const rows = table.rows.map((row) => {
    if (!isEmpty(row.values[column])) return symbolsOf(cutting, textIn(table, row, column))
    if (missing === 'error') throw fault(table, row.line, column, 'a text', undefined, fix)
    return missing === 'drop' ? undefined : []
  })
  return { rows, notes: [] }
}

const readCells = (table: Table, { columns, formats }: NumbersChoice, missing: string): number[][][] => {
  const read = columns.map((name) =>
    numbersIn(table, name, { missing: missing === 'error' ? 'error' : 'keep', known: formats[name], advice }).values)
  return table.rows.map((_, row) => read.map((values) => [values[row]!]))
}

/** The numbers of a list, step by step. */
const readLists = (table: Table, column: string, missing: string): number[][][] => {
  let width: number | undefined
  return table.rows.map(({ line, values }) => {
    const list = values[column]
    const all: readonly unknown[] = Array.isArray(list) ? list : []
    const steps = all.map((step) => (Array.isArray(step) ? step : [step]) as unknown[])
    width ??= steps[0]?.length
    if (steps.length === 0 || !steps.every((step) => step.length === width))
      throw fault(table, line, column, `a list of numbers, or of lists of ${width ?? 'as many'} numbers`, list)
    return steps.map((step, t) => step.map((value) => {
      const number = isMissing(value) ? undefined : writtenNumber(value, '.')
      if (number && number.unit === '') return number.value
      if (missing === 'error') throw fault(table, line, `${column}, step ${t + 1}`, 'a number', value, advice)
      return Number.NaN
    }))
  })
}

const few = 8 // lines that are named

/** What is said of rows that are left out. */
export const droppedNotes = ({ rows, counts = 'line' }: Table, kept: readonly unknown[]): Note[] => {
  const lines = rows.flatMap(({ line }, i) => (kept[i] === undefined ? [line] : []))
  if (lines.length === 0) return []
  const named = `${lines.slice(0, few).join(', ')}${lines.length > few ? ', …' : ''}`
  const many = `${counted(lines.length)} of ${counted(rows.length)}`
  const text = `${many} rows left out, because a value is missing (${counts} ${named})`
  return [{ text, figures: { dropped: { rows: lines.length, of: rows.length } } }]
}

/** The labels of rows, without white space around them: nothing where a row without one is left out. */
export const labelsIn = (table: Table, column: string, missing: string): (string | undefined)[] =>
  table.rows.map((row) => {
    if (!isEmpty(row.values[column])) return textIn(table, row, column).trim()
    if (missing === 'drop') return undefined
    const fix = 'Mend the row, or leave such rows out with --missing drop.'
    throw fault(table, row.line, column, 'a label', undefined, fix)
  })
