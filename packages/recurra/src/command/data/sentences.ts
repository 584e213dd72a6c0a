import { fault, textIn, type Row, type Table } from './table.ts'

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

/** The sentences of a table, with their tags where there is a column for them. */
export const sentencesIn = (table: Table, { token, tag, sequence }: SentenceColumns): Sentence[] => {
  if (sequence === undefined)
    return table.rows.map((row) => {
      const [words, tags] = [listIn(table, row, token), tag === undefined ? undefined : listIn(table, row, tag)]
      if (words.length === 0 || (tags && tags.length !== words.length)) throw fault(table, row.line, tag ?? token, `a list of ${words.length || 'at least one'}, one for each word`, tags ?? words)
      return { line: row.line, words, ...(tags && { tags }) }
    })
  const sentences: { line: number; id: string; words: string[]; tags: string[] }[] = []
  for (const row of table.rows) {
    const id = textIn(table, row, sequence)
    if (sentences.at(-1)?.id !== id) sentences.push({ line: row.line, id, words: [], tags: [] })
    sentences.at(-1)!.words.push(textIn(table, row, token))
    if (tag !== undefined) sentences.at(-1)!.tags.push(textIn(table, row, tag))
  }
  return sentences.map(({ line, words, tags }) => ({ line, words, ...(tag !== undefined && { tags }) }))
}

const listIn = (table: Table, { line, values }: Row, column: string): string[] => {
  const list = values[column]
  if (Array.isArray(list) && list.every((one) => typeof one === 'string' || typeof one === 'number')) return list.map(String)
  throw fault(table, line, column, 'a list of texts', list)
}
