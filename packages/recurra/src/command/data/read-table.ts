import { extname } from 'node:path'
import { ValueError } from '@recurra/tensor'
import { CsvError, parse } from 'csv-parse/sync'
import { readText } from '../../terminal/read-file.ts'
import type { Row, Table } from './table.ts'

const readers: Readonly<Record<string, (text: string, file: string) => Table>> = {
  '.csv': (text, file) => csv(text, file, likeliestDelimiter(text)),
  '.tsv': (text, file) => csv(text, file, '\t'),
  '.jsonl': jsonl,
  '.ndjson': jsonl,
  '.conll': conll,
}

/** Reads a file of rows, as its ending says. What is wrong is a `ValueError` that says in which line. */
export const readTable = (file: string): Table => {
  const reader = readers[extname(file).toLowerCase()]
  if (!reader) throw new ValueError({ where: file, expected: `a table: ${Object.keys(readers).join(', ')}`, got: extname(file) || 'no ending', fix: 'Name the file after what it is.' })
  const table = reader(readText(file), file)
  if (table.rows.length > 0) return table
  throw new ValueError({ where: file, expected: 'rows', got: 'none', fix: 'Check the file.' })
}

const csv = (text: string, file: string, delimiter: string): Table => {
  let read = 0 // lines of rows that are whole
  try {
    const all = parse(text, {
      bom: true, delimiter, skip_empty_lines: true, info: true,
      on_record: (row, { lines }) => {
        read = lines
        return row
      },
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[]
    const columns = (all[0]?.record ?? []).map((name) => name.trim())
    const twice = columns.find((name, i) => columns.indexOf(name) !== i)
    if (twice !== undefined) throw new ValueError({ where: file, expected: 'columns with names of their own in the first line', got: `${JSON.stringify(twice)} twice`, fix: 'Name the columns.' })
    const rows = all.slice(1).map(({ record, info: { lines } }): Row =>
      ({ line: lines, values: Object.fromEntries(columns.map((name, i) => [name, record[i]])) }))
    return { file, columns, delimiter, rows }
  } catch (error) {
    throw error instanceof CsvError ? csvFault(error, file, read) : error
  }
}

/** What is wrong with a table, and in which line: what csv-parse says of an open quote is where the file ends. */
const csvFault = (error: CsvError, file: string, read: number): ValueError => {
  const { lines, record } = error as CsvError & { readonly lines: number; readonly record?: readonly string[] }
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new ValueError({ where: `${file}, line ${read + 1}`, expected: 'a quote that is closed', got: 'one that is still open where the file ends', fix: 'Close it; a quote within a quoted cell is written twice.' })
  if (error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH')
    return new ValueError({ where: `${file}, line ${lines}`, expected: 'as many cells as the first line has', got: String(record?.length), fix: 'Mend the row; a cell with a delimiter in it stands in quotes.' })
  return new ValueError({ where: `${file}, line ${lines}`, expected: 'quotes around a whole cell, and twice within it', got: error.message, fix: 'Mend the row.' })
}

/** The one that the first line has most of. */
const likeliestDelimiter = (text: string): string => {
  const header = text.slice(0, text.search(/\n|$/))
  const counts = [',', ';', '\t'].map((one) => [one, header.split(one).length] as const)
  return counts.reduce((most, one) => (one[1] > most[1] ? one : most))[0]
}

function jsonl(text: string, file: string): Table {
  const rows = text.split('\n').flatMap((written, i): Row[] => (written.trim() === '' ? [] : [{ line: i + 1, values: objectOf(written, file, i + 1) }]))
  return { file, columns: Object.keys(rows[0]?.values ?? {}), rows }
}

const objectOf = (written: string, file: string, line: number): Row['values'] => {
  const value = parsed(written)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Row['values']
  throw new ValueError({ where: `${file}, line ${line}`, expected: 'an object in JSON, {"…": …}', got: written.slice(0, 40), fix: 'Write one object per line.' })
}

const parsed = (written: string): unknown => {
  try {
    return JSON.parse(written)
  } catch {
    return undefined
  }
}

/** A word per line, its tag in the last column; an empty line between sentences. */
function conll(text: string, file: string): Table {
  let sequence = 1
  const rows = text.split('\n').flatMap((written, i): Row[] => {
    const cells = written.trim().split(/\s+/)
    if (cells[0] === '') sequence++
    return cells[0] === '' || cells[0]!.startsWith('-DOCSTART-') ? [] : [{ line: i + 1, values: { token: cells[0], tag: cells.at(-1), sequence: String(sequence) } }]
  })
  return { file, columns: ['token', 'tag', 'sequence'], rows }
}
