import { isEmpty } from '../../data/missing.ts'
import { fault, textIn, type Table } from '../../data/table.ts'
import { counted } from '../../units.ts'
import type { Note } from '../task.ts'

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
