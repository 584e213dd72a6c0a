import { extname } from 'node:path'
import { ValueError } from '@recurra/tensor'
import { decodedFile, expectFile } from '../../terminal/read-file.ts'
import type { Note } from '../tasks/task.ts'
import { readConll, readConllU } from './conll.ts'
import { readCsv } from './csv.ts'
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

/**
 * Reads a file of rows, as its ending says; one with another ending by `otherwise`, where that is given. Its encoding
 * is found, unless one is given. What is wrong is a `ValueError` that says in which line.
 */
export const readTable = (
  file: string, given?: string, otherwise?: (text: string, file: string) => Table,
): Table => {
  const reader = readers[extname(file).toLowerCase()] ?? otherwise
  if (!reader) {
    expectFile(file, 'a table')
    const got = extname(file) || 'no ending'
    const fix = 'Name the file after what it is.'
    throw new ValueError({ where: file, expected: `a table: ${tableEndings.join(', ')}`, got, fix })
  }
  const { text, encoding } = decodedFile(file, given)
  const table = reader(text, file)
  if (table.rows.length === 0)
    throw new ValueError({ where: file, expected: 'rows', got: 'none', fix: 'Check the file.' })
  return { ...table, notes: [...encodingNotes(encoding, given), ...(table.notes ?? [])] }
}

/** What is to be said of an encoding that was not certain. */
export const encodingNotes = (encoding: string, given?: string): Note[] =>
  encoding === 'windows-1252' && given === undefined
    ? [{ text: 'read as windows-1252 (Latin-1), because it is not UTF-8', figures: { encoding } }] : []
