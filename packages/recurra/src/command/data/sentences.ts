import type { Parsed } from '../../terminal/options.ts'
import { counted, type Note } from '../notes.ts'
import { readConll, type ConllTable } from './conll.ts'
import { isTable, readTable, type TableSource } from './read-table.ts'
import { columnNamed, fault, textIn, type Table, type TableRow } from './table.ts'

/** Where sentences are found: one row each with lists, or one row for every word. */
export interface SentenceColumns {
  readonly token: string
  readonly tag?: string | undefined
  /** Tells the sentences apart, where every word has a row. */
  readonly sequence?: string | undefined
}

/** Words, and what each of them is. */
export interface Sentence {
  readonly line: number
  readonly words: readonly string[]
  readonly tags?: readonly string[]
}

/** The sentences of a file, and where they were found in it. */
interface Sentences {
  readonly all: readonly Sentence[]
  readonly columns: SentenceColumns
  /** What it is, where it is a kind of CoNLL. */
  readonly dialect?: string
  readonly notes: readonly Note[]
}

/** What is looked for, beside what the flags name. */
interface Sought {
  /** Where a model found its sentences: the same columns are taken, where they are there. */
  readonly kept?: SentenceColumns
  /** Whether tags are needed. */
  readonly tags: boolean
  /** The encoding of the file; found in it where none is given. */
  readonly encoding: string | undefined
}

const names = {
  token: ['token', 'tokens', 'word', 'words', 'form', 'text'],
  tag: ['tag', 'tags', 'label', 'labels', 'upos', 'ner'],
  sequence: ['sequence', 'sentence', 'sentence_id', 'sequence_id', 'sentence #', 'id'],
}

/**
 * Reads the sentences of a file: rows of lists, rows for every word, or CoNLL, as which a file with another ending is
 * read.
 */
export const readSentences = (file: TableSource, args: Parsed, sought: Sought): Sentences => {
  const table: Table & Partial<ConllTable> = readTable(file, sought.encoding, readConll)
  const columns = columnsOf(table, args, sought)
  const all = sentencesIn(table, columns)
  const { dialect, notes = [] } = table
  return {
    all, columns, ...(dialect !== undefined && { dialect }),
    notes: [...notes, ...takenForConll(table, columns), ...notesOf(table, columns, all)],
  }
}

/** A file whose ending does not say that it is CoNLL may be plain sentences, of which one word per line is read. */
const takenForConll = (
  { file, columns, rows, dialect }: Table & Partial<ConllTable>, { token }: SentenceColumns,
): Note[] => {
  if (dialect === undefined || columns.length <= 2 || isTable(file)) return []
  const { values, line } = rows[0]!
  const others = columns.slice(0, -1).filter((name) => name !== token).map((name) => JSON.stringify(values[name]))
  const text = `read as CoNLL, one word per line: of line ${line}, ${JSON.stringify(values[token])} is the word, and `
    + `${others.slice(0, 4).join(', ')} ${others.length > 1 ? 'are columns' : 'is a column'} beside it`
  return [{ text, figures: { readAs: 'CoNLL' } }]
}

const columnsOf = (table: Table & Partial<ConllTable>, args: Parsed, { kept, tags }: Sought): SentenceColumns => {
  const named = (flag: string, role: keyof typeof names): string => {
    const known = kept?.[role]
    if (args[flag] === undefined && known !== undefined && table.columns.includes(known)) return known
    return columnNamed(table, flag, numbered(table, args[flag]), names[role])
  }
  const token = named('text', 'token')
  const lists = Array.isArray(table.rows[0]!.values[token])
  return {
    token,
    ...(tags && { tag: named('label', 'tag') }),
    ...(!lists && { sequence: named('sequence', 'sequence') }),
  }
}

/** The name of a column of a CoNLL file that was given by its number, from 1, or in lower case. */
const numbered = ({ columns, dialect }: Table & Partial<ConllTable>, given: unknown): unknown => {
  if (dialect === undefined || given === undefined || columns.includes(String(given))) return given
  const number = Number(given)
  if (Number.isInteger(number) && number >= 1 && number < columns.length) return columns[number - 1]
  return columns.find((column) => column.toLowerCase() === String(given).toLowerCase()) ?? given
}

const notesOf = ({ skipped }: Partial<ConllTable>, { sequence }: SentenceColumns, all: readonly Sentence[]): Note[] => {
  const left = [
    [skipped?.ranges ?? 0, 'lines of words that are written as one (1-2)'],
    [skipped?.emptyNodes ?? 0, 'empty nodes (3.1)'],
  ] as const
  const said = left.filter(([count]) => count > 0).map(([count, what]) => `${counted(count)} ${what}`)
  const alone = sequence !== undefined && all.length > 1 && all.every(({ words }) => words.length === 1)
  const each = `each of ${counted(all.length)} sequences has one word alone`
  return [
    ...(said.length > 0 ? [{ text: `left out: ${said.join(', ')}`, figures: { skipped } }] : []),
    ...(alone
      ? [{ text: `${each}: --sequence says which column tells them apart, now ${sequence}`, figures: { alone } }]
      : []),
  ]
}

/** The sentences of a table, with their tags where there is a column for them. */
export const sentencesIn = (table: Table, { token, tag, sequence }: SentenceColumns): Sentence[] => {
  const read = (row: TableRow, column: string, what: string, value = textIn(table, row, column)): string => {
    if (value.trim() !== '') return value.trim()
    throw fault(table, row.line, column, what, value, 'Mend or drop the row.')
  }
  if (sequence === undefined)
    return table.rows.map((row) => {
      const words = listIn(table, row, token).map((one) => read(row, token, 'a word', one))
      const tags = tag === undefined ? undefined : listIn(table, row, tag).map((one) => read(row, tag, 'a tag', one))
      if (words.length === 0 || (tags && tags.length !== words.length))
        throw fault(
          table, row.line, tag ?? token, `a list of ${words.length || 'at least one'}, one for each word`,
          tags ?? words,
        )
      return { line: row.line, words, ...(tags && { tags }) }
    })
  const sentences: { line: number; id: string; words: string[]; tags: string[] }[] = []
  for (const row of table.rows) {
    const id = textIn(table, row, sequence).trim()
    const last = sentences.at(-1)
    // Where only the first word of a sentence names it, the others belong to it.
    if (!last || (id !== '' && last.id !== id)) sentences.push({ line: row.line, id, words: [], tags: [] })
    sentences.at(-1)!.words.push(read(row, token, 'a word'))
    if (tag !== undefined) sentences.at(-1)!.tags.push(read(row, tag, 'a tag'))
  }
  return sentences.map(({ line, words, tags }) => ({ line, words, ...(tag !== undefined && { tags }) }))
}

const listIn = (table: Table, { line, values }: TableRow, column: string): string[] => {
  const list = values[column]
  if (Array.isArray(list) && list.every((one) => typeof one === 'string' || typeof one === 'number'))
    return list.map(String)
  throw fault(table, line, column, 'a list of texts', list)
}
