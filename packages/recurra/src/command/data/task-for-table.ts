import { extname } from 'node:path'
import { UsageError } from '../../terminal/usage-error.ts'
import { columnsOf } from './columns.ts'
import { delimiterOf } from './delimiter.ts'
import { readTable, tableEndings } from './read-table.ts'
import type { Table } from './table.ts'

/** A table is no text to write on: a `UsageError` that names the task that seems to fit, where none was asked for. */
export const expectNoTable = (file: string, encoding?: string): void => {
  if (!tableEndings.includes(extname(file).toLowerCase())) return
  throw new UsageError({
    where: '--task', got: 'nothing',
    expected: `what is to be learned from the table ${file}: classify, regress, tag or forecast`,
    fix: `Try --task ${likeliestTask(readTable(file, encoding))}; `
      + 'or --task generate, to write more lines like those of it.',
  })
}

const many = 20 // classes that are numbers

const likeliestTask = (table: Table): string => {
  const columns = columnsOf(table)
  const lastName = (path: string): string => path.split('.').at(-1)!.toLowerCase()
  const called = (...names: readonly string[]) => columns.find(({ name }) => names.includes(lastName(name)))
  if (called('tag', 'tags') && called('token', 'tokens', 'word', 'words', 'text', 'form')) return 'tag'
  const label = called('label', 'class', 'category', 'target', 'y')
  if (label?.kind === 'number') return label.decimals > 0 || new Set(label.values).size > many ? 'regress' : 'classify'
  if (label || !columns.some(({ kind }) => kind === 'number')) return 'classify'
  return 'forecast'
}

/** Whether a text without the ending of a table looks like one. */
export const looksLikeTable = (text: string): boolean => {
  const lines = text.slice(0, 20_000).split('\n').slice(0, -1).filter((line) => line.trim() !== '').slice(0, 50)
  if (lines.length < 5) return false
  if (lines.every((line) => /^\s*\{.*\}\s*$/.test(line))) return true
  const cells = lines.map((line) => line.split(delimiterOf(text)).length)
  return cells[0]! >= 3 && cells.every((count) => count === cells[0])
}
