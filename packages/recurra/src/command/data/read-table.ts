import { extname } from 'node:path'
import { ValueError } from '@recurra/tensor'
import { decodedFile, expectFile } from '../../terminal/read-file.ts'
import type { Note } from '../notes.ts'
import { readConll, readConllU } from './conll.ts'
import { delimiterOf, readCsv } from './csv.ts'
import { readJsonFile, readJsonLines } from './json-table.ts'
import type { Table } from './table.ts'

const readers: Readonly<Record<string, (text: string, file: string) => Table>> = {
  '.csv': readCsv,
  '.tsv': (text, file) => readCsv(text, file, '\t'),
  '.json': readJsonFile,
  '.jsonl': readJsonLines,
  '.ndjson': readJsonLines,
  '.conll': readConll,
  '.conllu': readConllU,
  '.conllup': readConll,
}

/** The endings of tables. */
export const tableEndings: readonly string[] = Object.keys(readers)

/** Whether a file has the ending of a table. */
export const isTable = (file: string): boolean => tableEndings.includes(extname(file).toLowerCase())

/** Where rows come from: the path of a file, or a table that was read from something else, such as a request. */
export type TableSource = string | Table

/**
 * Reads a file of rows, as its ending says; one with another ending by `otherwise`, where that is given. Its encoding
 * is found, unless one is given. What is wrong is a `ValueError` that says in which line.
 */
export const readTable = (
  file: TableSource, given?: string, otherwise?: (text: string, file: string) => Table,
): Table => {
  if (typeof file !== 'string') return expectRows(file)
  const reader = readers[extname(file).toLowerCase()] ?? otherwise
  if (!reader) {
    expectFile(file, 'a table')
    const got = extname(file) || 'no ending'
    const fix = 'Name the file after what it is.'
    throw new ValueError({ where: file, expected: `a table: ${tableEndings.join(', ')}`, got, fix })
  }
  const { text, encoding } = decodedFile(file, given)
  const table = expectRows(reader(text, file))
  return { ...table, notes: [...encodingNotes(encoding, given), ...(table.notes ?? [])] }
}

const expectRows = (table: Table): Table => {
  if (table.rows.length > 0) return table
  throw new ValueError({ where: table.file, expected: 'rows', got: 'none', fix: 'Pass at least one row.' })
}

/** What is to be said of an encoding that was not certain. */
export const encodingNotes = (encoding: string, given?: string): Note[] =>
  encoding === 'windows-1252' && given === undefined
    ? [{ text: 'read as windows-1252 (Latin-1), because it is not UTF-8', figures: { encoding } }] : []

/** Whether a text without the ending of a table looks like one. */
export const looksLikeTable = (text: string): boolean => {
  const lines = text.slice(0, 20_000).split('\n').slice(0, -1).filter((line) => line.trim() !== '').slice(0, 50)
  if (lines.length < 5) return false
  if (lines.every((line) => /^\s*\{.*\}\s*$/.test(line))) return true
  const cells = lines.map((line) => line.split(delimiterOf(text)).length)
  return cells[0]! >= 3 && cells.every((count) => count === cells[0])
}
