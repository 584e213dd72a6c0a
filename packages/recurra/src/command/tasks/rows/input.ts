import { sequence, type Signal } from '@recurra/layers'
import { Tokenizer, type Normalization, type SymbolKind, type TokenizerData } from '@recurra/training'
import * as v from 'valibot'
import type { Parsed } from '../../../terminal/options.ts'
import { columnsOf } from '../../data/columns.ts'
import { scaler, texts, tokenizer } from '../../data/examples.ts'
import { scalerOf, type Scaler } from '../../data/numbers.ts'
import { tokenizerFor, tokensOf, type Cutting } from '../../data/symbols.ts'
import { columnNamed, columnsNamed, lastName, type Column, type ColumnFormat, type Table } from '../../data/table.ts'
import type { LeftOut, Note } from '../../notes.ts'
import type { Settings } from '../../training/settings.ts'

/** What is read of a row: a text, or a sequence of numbers. */
export type InputChoice =
  | { readonly kind: 'text'; readonly column: string; readonly cutting: Cutting }
  | {
      readonly kind: 'numbers'
      readonly columns: readonly string[]
      /** How the columns are written, by name. */
      readonly formats: Readonly<Record<string, ColumnFormat>>
      /** Whether there is one column with the whole sequence as a list, in place of a step for each column. */
      readonly list: boolean
      /** Whether each number has another beside it, which is 1 where the number is missing. */
      readonly mask: boolean
    }

/** The same, with what was learned from the rows: symbols, or how numbers are scaled. */
export type InputCodec =
  | {
      readonly kind: 'text'
      readonly column: string
      readonly tokenizer: TokenizerData
      /** Whether texts are read in lower case. Default: words are. */
      readonly lowercase?: boolean | undefined
    }
  | (Extract<InputChoice, { readonly kind: 'numbers' }> & {
      /** Of each feature of a list; of each column otherwise. */
      readonly scaler: Scaler
    })

/** What stands in a row: the symbols of its text, or its numbers, step by step, NaN where one is missing. */
export type RawRow = readonly string[] | readonly (readonly number[])[]

const format = v.object({ decimal: v.optional(v.picklist(['.', ','])) })

/** For the record of a run. */
export const inputSchema: v.GenericSchema<unknown, InputCodec> = v.variant('kind', [
  v.object({ kind: v.literal('text'), column: v.string(), tokenizer, lowercase: v.optional(v.boolean()) }),
  v.object({
    kind: v.literal('numbers'), columns: texts, scaler, formats: v.optional(v.record(v.string(), format), {}),
    list: v.optional(v.boolean(), false), mask: v.optional(v.boolean(), false),
  }),
]) as unknown as v.GenericSchema<unknown, InputCodec>

/** Learns from rows what is needed to read all rows. */
export const fitInput = (
  choice: InputChoice, rows: readonly RawRow[], settings: Pick<Settings, 'minCount'> = { minCount: undefined },
): InputCodec => {
  if (choice.kind === 'text') {
    const { column, cutting } = choice
    const known = tokenizerFor(cutting, rows as readonly (readonly string[])[], settings)
    return { kind: 'text', column, tokenizer: known.toJSON(), lowercase: cutting.lowercase }
  }
  const all = rows as readonly (readonly (readonly number[])[])[]
  return { ...choice, scaler: scalerOf(choice.list ? all.flat() : all.map((steps) => steps.flat())) }
}

/** What a model reads: tokens, or features at every step. */
export const signalOf = (input: InputCodec): Signal => {
  if (input.kind === 'text') return Tokenizer.from(input.tokenizer).tokens
  return sequence((input.list ? input.scaler.mean.length : 1) * (input.mask ? 2 : 1))
}

/** Makes of rows what the model reads. A missing number is the mean. */
export const encoderOf = (input: InputCodec): ((row: RawRow) => number[] | number[][]) => {
  if (input.kind === 'text') {
    const known = Tokenizer.from(input.tokenizer)
    return (row) => tokensOf(known, row as readonly string[])
  }
  const { list, mask, scaler: { mean, deviation } } = input
  const scaled = (value: number, i: number): number => (Number.isNaN(value) ? 0 : (value - mean[i]!) / deviation[i]!)
  return (row) => (row as readonly (readonly number[])[]).map((step, t) => [
    ...step.map((value, i) => scaled(value, list ? i : t)),
    ...(mask ? step.map((value) => (Number.isNaN(value) ? 1 : 0)) : []),
  ])
}

const usualTexts = ['text', 'sentence', 'message', 'review', 'content', 'tokens', 'words']

/** The columns that are read of rows, and those that are not. */
export interface ChosenInput {
  readonly choice: InputChoice
  readonly leftOut: readonly LeftOut[]
  /** The columns that are read. */
  readonly columns: readonly Column[]
}

/**
 * What rows have to offer: the columns that were asked for; else a list of numbers; else a text, if it has a usual name
 * or is prose; else all numbers; else the only text.
 */
export const chooseInput = (table: Table, targets: readonly string[], args: Parsed): ChosenInput => {
  const everything = columnsOf(table)
  const all = everything.filter(({ name }) => !targets.includes(name))
  const named = args['columns'] === undefined ? undefined : columnsNamed(table, 'columns', String(args['columns']))
  const columns = named?.map((name) => everything.find((one) => one.name === name)!) ?? offered(table, all, args)
  const isNumbers = (one: Column): boolean => one.kind === 'number' || isNumberList(table, one)
  const numbers = named !== undefined || columns.every(isNumbers)
  const leftOut = all.filter((one) => !columns.includes(one)).map((one): LeftOut =>
    ({ column: one.name, reason: reasonFor(one, columns[0]!, { named: named !== undefined, numbers }) }))
  if (!numbers) {
    const kind = (args['tokens'] ?? 'words') as SymbolKind
    const lowercase = String(args['lowercase'] ?? (kind === 'words')) === 'true'
    const cutting = { kind, normalize: (args['normalize'] ?? 'NFC') as Normalization, lowercase }
    return { choice: { kind: 'text', column: columns[0]!.name, cutting }, leftOut, columns }
  }
  const list = columns[0]!.kind === 'list'
  const formats = Object.fromEntries(columns.map(({ name, format }) => [name, format]))
  const names = columns.map(({ name }) => name)
  const mask = args['missing'] === 'mask'
  return { choice: { kind: 'numbers', columns: names, formats, list, mask }, leftOut, columns }
}

const reasonFor = (
  { kind, notes: [note] }: Column, beside: Column,
  { named, numbers }: { readonly named: boolean; readonly numbers: boolean },
): string => {
  const what = `${nameOf[kind]}${kind === 'text' && note ? ` (${note})` : ''}`
  if (named) return `${what}, not among --columns`
  return kind === 'number' || (kind === 'text' && !numbers) ? `${what}, beside ${beside.name}` : what
}

const nameOf: Readonly<Record<Column['kind'], string>> =
  { number: 'a number', date: 'a date', text: 'a text', list: 'a list', empty: 'without any value' }

/** The columns that are read where none are named. */
const offered = (table: Table, all: readonly Column[], args: Parsed): readonly Column[] => {
  const column = (name: string): Column[] => all.filter((one) => one.name === name)
  if (args['text'] !== undefined) return column(columnNamed(table, 'text', args['text'], []))
  const lists = all.filter((one) => isNumberList(table, one))
  if (lists.length > 0) return lists.slice(0, 1)
  const texts = all.filter((one) => one.kind === 'text' || one.kind === 'list')
  const usual = usualTexts.map((name) => texts.find((one) => lastName(one.name) === name)).find(Boolean)
  const prose = texts.filter((one) => isProse(table, one))
  const numbers = all.filter(({ kind }) => kind === 'number')
  const telling = numbers.some(({ notes }) => !notes.some((note) => note.startsWith('suspicious')))
  if (usual) return [usual]
  if (prose.length === 1) return prose
  if (telling || (numbers.length > 0 && texts.length === 0)) return numbers
  return texts.length === 1 ? texts : column(columnNamed(table, 'text', undefined, usualTexts))
}

const isNumberList = (table: Table, { name, kind }: Column): boolean => {
  if (kind !== 'list') return false
  const lists = table.rows.map(({ values }) => values[name])
  const first = lists.find((value): value is unknown[] => Array.isArray(value) && value.length > 0)
  return (first ?? []).flat().some((one) => typeof one === 'number')
}

/** Whether most cells are several words. */
const isProse = (table: Table, { name, kind }: Column): boolean => {
  const several = table.rows.filter(({ values }) => String(values[name] ?? '').trim().split(/\s+/).length >= 3)
  return kind === 'text' && several.length > table.rows.length / 2
}

/** What is to be said of the columns that are read, once for those of which the same is. */
export const columnNotes = (columns: readonly Column[]): Note[] => {
  const by = new Map<string, string[]>()
  for (const { name, notes } of columns) for (const note of notes) by.set(note, [...(by.get(note) ?? []), name])
  return [...by].map(([note, names]) => ({ text: `${names.join(', ')}: ${note}`, figures: { columns: names } }))
}
