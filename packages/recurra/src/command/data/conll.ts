import { ValueError } from '@recurra/tensor'
import { mostFrequent } from './numbers.ts'
import type { Table, TableRow } from './table.ts'

/** The ten columns of CoNLL-U (universaldependencies.org/format.html), which has had them since CoNLL-X. */
const universal = ['ID', 'FORM', 'LEMMA', 'UPOS', 'XPOS', 'FEATS', 'HEAD', 'DEPREL', 'DEPS', 'MISC']
/** What columns of the shared tasks of 2000, 2002 and 2003 are usually called, by how many there are. */
const usual: { readonly [count: number]: readonly string[] } = {
  1: ['token'], 2: ['token', 'tag'], 3: ['token', 'pos', 'tag'], 4: ['token', 'pos', 'chunk', 'ner'],
}
const word = /^\d+$/ // an ID of CoNLL-U
const range = /^\d+-\d+$/ // of several words that are written as one: their own lines follow
const emptyNode = /^\d+\.\d+$/ // what is understood, but not written

/** A line with cells. */
interface Line {
  readonly line: number
  readonly cells: readonly string[]
  /** The number of its sentence, from 1, */
  readonly sequence: number
  /** and of the line in it. */
  readonly position: number
}

/** A table of a CoNLL file: what was passed over is counted. */
export interface ConllTable extends Table {
  /** What it is, in words. */
  readonly dialect: string
  /** What is no word of a sentence, by kind. */
  readonly skipped: { readonly ranges: number; readonly emptyNodes: number }
}

/**
 * Reads a word per line with its columns, and an empty line between sentences: CoNLL-U and CoNLL-U Plus (comments,
 * ranges, empty nodes, named columns), CoNLL-2000, 2002 and 2003 (document marks), by tabs or by spaces.
 * A `ValueError` names the first line that has another number of columns than the rest.
 */
export const readConll = (text: string, file: string): ConllTable => {
  const raw = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  const content = raw.filter((line) => line.trim() !== '' && !line.startsWith('-DOCSTART-') && !line.startsWith('#'))
  const split = splitterFor(content)
  const width = mostFrequent(content.map((line) => split(line).length), 0)
  const named = namedColumns(raw)
  const lines = linesOf(raw, split, width, file)
  if (named !== undefined && named.length !== width)
    throw fault(file, lines[0]?.line ?? 1, `the ${named.length} columns that the first line names`, String(width))
  const isUniversal = named !== undefined || (width === universal.length && lines.every(({ cells: [id] }) => isId(id!)))
  const ids = isUniversal ? (named ?? universal).indexOf('ID') : -1
  const words = ids < 0 ? lines : lines.filter(({ cells }) => word.test(cells[ids]!))
  const columns = isUniversal ? (named ?? universal) : namesFor(words, width)
  return {
    file,
    columns: [...columns, 'sequence'],
    rows: words.map(({ line, cells, sequence }): TableRow => ({
      line,
      values: { ...Object.fromEntries(columns.map((name, i) => [name, cells[i]])), sequence: String(sequence) },
    })),
    dialect: isUniversal ? (named ? 'CoNLL-U Plus' : 'CoNLL-U') : `CoNLL of ${width} columns`,
    skipped: {
      ranges: ids < 0 ? 0 : lines.filter(({ cells }) => range.test(cells[ids]!)).length,
      emptyNodes: ids < 0 ? 0 : lines.filter(({ cells }) => emptyNode.test(cells[ids]!)).length,
    },
  }
}

/** The same for a file that must be CoNLL-U. */
export const readConllU = (text: string, file: string): ConllTable => {
  const table = readConll(text, file)
  if (table.dialect.startsWith('CoNLL-U') || table.rows.length === 0) return table
  const expected = `the ten columns of CoNLL-U, ${universal.join(' ')}, by tabs, and a number in the first`
  throw fault(file, table.rows[0]!.line, expected, `${table.columns.length - 1} columns`)
}

const isId = (cell: string): boolean => word.test(cell) || range.test(cell) || emptyNode.test(cell)

/** Without spaces around it; one that does not break is part of a word. */
const trimmed = (text: string): string => text.replace(/^[ \t]+|[ \t]+$/g, '')

/** By tabs where lines have them, so that a word may have spaces in it; else by white space. */
const splitterFor = (lines: readonly string[]): ((line: string) => string[]) => {
  const bySpace = (line: string): string[] => trimmed(line).split(/[ \t]+/)
  const byTab = (line: string): string[] => line.split('\t').map(trimmed)
  const even = (split: (line: string) => string[]): boolean =>
    new Set(lines.map((line) => split(line).length)).size <= 1
  const tabbed = lines.filter((line) => line.includes('\t')).length
  if (tabbed === lines.length && even(byTab)) return byTab
  return tabbed * 2 < lines.length || even(bySpace) ? bySpace : byTab
}

const linesOf = (raw: readonly string[], split: (line: string) => string[], width: number, file: string): Line[] => {
  const found: Line[] = []
  let [sequence, position] = [1, 0]
  raw.forEach((one, i) => {
    if (trimmed(one) === '' || one.startsWith('-DOCSTART-')) {
      if (position > 0) sequence++
      position = 0
      return
    }
    const cells = split(one)
    // Before the words of a sentence, # begins a comment; but it is a word, too, if all its columns are there.
    if (one.startsWith('#') && position === 0 && (cells.length !== width || /[=:]/.test(one))) return
    if (cells.length !== width) throw fault(file, i + 1, `${width} columns, as most lines have`, String(cells.length))
    found.push({ line: i + 1, cells, sequence, position: ++position })
  })
  return found
}

/** The columns that a file of CoNLL-U Plus names in its first line. */
const namedColumns = ([first = '']: readonly string[]): readonly string[] | undefined =>
  /^#\s*global\.columns\s*=\s*(.*)$/.exec(first)?.[1]?.trim().split(/\s+/)

/** Names of columns that have none: a first one that counts the words of each sentence is no word. */
const namesFor = (lines: readonly Line[], width: number): string[] => {
  const countsFrom = (first: number): boolean =>
    lines.every(({ cells: [cell], position }) => cell === String(first - 1 + position))
  const counts = width > 2 && (countsFrom(1) || countsFrom(0))
  const rest = width - (counts ? 1 : 0)
  const inner = Array.from({ length: Math.max(0, rest - 2) }, (_, i) => `column ${i + 2 + width - rest}`)
  const names = usual[rest] ?? ['token', ...inner, 'tag']
  return [...(counts ? ['id'] : []), ...names]
}

const fault = (file: string, line: number, expected: string, got: string): ValueError =>
  new ValueError({
    where: `${file}, line ${line}`, expected, got,
    fix: 'Mend the line: one word with its columns, and an empty line between sentences.',
  })
