import { ValueError } from '@recurra/tensor'
import { CsvError, parse } from 'csv-parse/sync'
import type { Note } from '../notes.ts'
import type { Table, TableRow } from './table.ts'

/** A text with a row of cells in each line, and the names of columns in the first. */
export const readCsv = (text: string, file: string, usual?: string): Table => {
  const declared = /^\uFEFF?"?sep=(.)"?[ \t]*\n/i.exec(text) // a first line as spreadsheets know it
  const body = declared ? text.slice(declared[0].length) : text
  const delimiter = declared?.[1] ?? usual ?? delimiterOf(body)
  const skipped = declared ? 1 : 0
  let read = 0 // lines of rows that are whole
  try {
    const all = parse(body, {
      bom: true, delimiter, skip_empty_lines: true, info: true,
      on_record: (row, { lines }) => {
        read = lines
        return row
      },
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[]
    const columns = namesOf(all[0]?.record ?? [], file, all.length > 1)
    const rows = all.slice(1).map(({ record, info: { lines } }): TableRow =>
      ({ line: lines + skipped, values: Object.fromEntries(columns.map((name, i) => [name, record[i]])) }))
    return { file, columns, delimiter, rows, notes: nameNotes(columns) }
  } catch (error) {
    throw error instanceof CsvError ? faultOf(error, file, read, skipped) : error
  }
}

/** The names of the columns; one without a name is called after its place. */
const namesOf = (cells: readonly string[], file: string, hasRows: boolean): string[] => {
  const columns = cells.map((name, i) => name.trim() || `column ${i + 1}`)
  const twice = columns.find((name, i) => columns.indexOf(name) !== i)
  const fault = (got: string, fix: string): ValueError =>
    new ValueError({ where: file, expected: 'columns with names of their own in the first line', got, fix })
  if (twice !== undefined) throw fault(`${JSON.stringify(twice)} twice`, 'Name the columns.')
  const numeric = cells.every((name) => /^\s*[-+]?\d*[.,]?\d+(e[-+]?\d+)?\s*$/i.test(name))
  if (hasRows && numeric && !countingOrYears(columns))
    throw fault(`numbers alone: ${columns.slice(0, 4).join(', ')}`, 'Put a line of names before it.')
  return columns
}

/** A row of values where names are expected may have a text in it, a label say: its fractions tell. */
const nameNotes = (columns: readonly string[]): Note[] => {
  const fractions = columns.filter((name) => /^[-+]?\d*[.,]\d+(e[-+]?\d+)?$/i.test(name))
  if (fractions.length === 0) return []
  const some = fractions.slice(0, 4).join(', ')
  return [{
    text: `the first line names the columns, ${some} among them; if it is a row, put a line of names before it`,
    figures: { numericNames: fractions.length },
  }]
}

/** 0, 1, 2, … and 2019, 2020, … are names, too. */
const countingOrYears = (columns: readonly string[]): boolean => {
  const numbers = columns.map(Number)
  const counting =
    columns.length > 1 && numbers[0]! <= 1 && numbers.every((value, i) => value === Math.max(0, numbers[0]!) + i)
  return counting || numbers.every((value) => Number.isInteger(value) && value >= 1900 && value <= 2100)
}

/** What is wrong with a table, and in which line: what csv-parse says of an open quote is where the file ends. */
const faultOf = (error: CsvError, file: string, read: number, skipped: number): ValueError => {
  const { lines, record } = error as CsvError & { readonly lines: number; readonly record?: readonly string[] }
  const at = (line: number, expected: string, got: string, fix: string): ValueError =>
    new ValueError({ where: `${file}, line ${line + skipped}`, expected, got, fix })
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    const fix = 'Close it; a quote within a quoted cell is written twice.'
    return at(read + 1, 'a quote that is closed', 'one that is still open where the file ends', fix)
  }
  if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
    const fix = 'Mend the row; a cell with a delimiter in it stands in quotes.'
    return at(lines, 'as many cells as the first line has', String(record?.length), fix)
  }
  return at(lines, 'quotes around a whole cell, and twice within it', error.message, 'Mend the row.')
}

const candidates = [',', ';', '\t', '|']
const looked = 50 // rows

/**
 * What separates the cells of a text: of comma, semicolon, tab and bar the one that is there equally often in all of
 * the first rows, and most often; else the one that the first line has most of. What stands in quotes does not count.
 */
export const delimiterOf = (text: string): string => {
  const rows = firstRows(text)
  const counts = candidates.map((one) => ({ one, counts: rows.map((row) => row.split(one).length - 1) }))
  const everywhere = counts.filter(
    ({ counts: [first, ...rest] }) => first! > 0 && rest.every((count) => count === first),
  )
  if (everywhere.length > 0) return mostInFirst(everywhere)
  // One column of numbers with decimal commas has no delimiter; a semicolon leaves them whole.
  const oneColumn = counts.every(({ counts: [first] }) => first === 0)
  return oneColumn && rows.slice(1).every((row) => /^\s*[-+]?\d+(,\d+)?\s*$/.test(row)) ? ';' : mostInFirst(counts)
}

const mostInFirst = (all: readonly { readonly one: string; readonly counts: readonly number[] }[]): string =>
  all.reduce((best, one) => (one.counts[0]! > best.counts[0]! ? one : best)).one

/** The first rows, without what stands in quotes, and without empty ones. */
const firstRows = (text: string): string[] => {
  const rows = ['']
  let quoted = false
  for (const character of text.slice(0, 1_000_000)) {
    if (character === '"') quoted = !quoted
    else if (character === '\n' && !quoted) {
      if (rows.at(-1) !== '' && rows.length === looked) break
      if (rows.at(-1) !== '') rows.push('')
    } else if (!quoted) rows[rows.length - 1] += character
  }
  return rows.filter((row, i) => row !== '' || i === 0)
}
