import type { Sequential } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { predict, Tokenizer, type Data } from '@recurra/training'
import type { Parsed } from '../../../terminal/options.ts'
import { cutNotes, inBuckets } from '../../data/examples.ts'
import { exampleSymbols, UnknownSymbols } from '../../data/symbols.ts'
import { columnNamed, expectColumns, type Table } from '../../data/table.ts'
import { counted, type Note } from '../../notes.ts'
import type { Defaults, Settings } from '../../training/settings.ts'
import type { TaskDataset, TaskPredictOptions } from '../task.ts'
import {
  columnNotes, encoderOf, signalOf, type ChosenInput, type InputChoice, type InputCodec, type RawRow,
} from './input.ts'
import { droppedNotes, readRows, type ReadRows } from './read-rows.ts'

/** The shared flags that tasks on rows heed. */
export const rowFlags: readonly string[] = [
  'tokens', 'text', 'label', 'columns', 'embedding', 'bidirectional', 'pool', 'min-count', 'lowercase', 'validation',
]

/** The columns that are read of a row. */
export const columnsRead = (input: InputCodec): readonly string[] =>
  input.kind === 'text' ? [input.column] : input.columns

/** What a network alone reads of a row, in words. */
export const inputInWords = (input: InputCodec): string =>
  input.kind === 'text' ? 'x is tokens of input.tokenizer' : 'x is scaled by input.scaler'

/** A row that a model can be asked about: frequent symbols, or the mean of each column. */
export const exampleRow = ({ input }: { readonly input: InputCodec }): object => {
  if (input.kind === 'text')
    return { [input.column]: exampleSymbols(input.tokenizer).join(input.tokenizer.kind === 'words' ? ' ' : '') }
  const mean = input.scaler.mean.map((value) => Number(value.toPrecision(4)))
  if (input.list) return { [input.columns[0]!]: [mean, mean] }
  return Object.fromEntries(input.columns.map((name, i) => [name, mean[i]]))
}

/** The columns for people. */
export const shortList = (names: readonly string[]): string =>
  names.length > 4 ? `${names[0]}, ${names[1]}, … ${names.at(-1)}` : names.join(', ')

/**
 * Reads the rows of another file than that of the training; `targets` are further columns that it must have. The text
 * may stand in another column, which a flag names.
 */
export const readLike = (
  table: Table, trained: InputCodec, { missing }: Settings, { text }: Parsed, targets: readonly string[] = [],
): ReadRows & { readonly input: InputCodec } => {
  const input = text !== undefined && trained.kind === 'text'
    ? { ...trained, column: columnNamed(table, 'text', text, []) } : trained
  expectColumns(table, [...columnsRead(input), ...targets])
  if (missing === 'mask' && input.kind === 'numbers' && !input.mask)
    throw new ConfigurationError({
      where: '--missing', expected: 'a model that was trained with --missing mask', got: 'one that was not',
      fix: 'Choose error, drop or fill, or train again.',
    })
  return { input, ...readRows(table, choiceOf(input), missing) }
}

const choiceOf = (input: InputCodec): InputChoice => {
  if (input.kind === 'numbers') return input
  const { kind, normalize } = Tokenizer.from(input.tokenizer)
  const { column, lowercase = kind === 'words' } = input
  return { kind: 'text', column, cutting: { kind, normalize, lowercase } }
}

/** A row that has all: what is read of it, and what is learned of it. */
export interface Example<Target> {
  readonly line: number
  readonly raw: RawRow
  readonly target: Target
  /** All cells, as they stand in the file. */
  readonly values: Readonly<Record<string, unknown>>
}

/** The rows that have all, and what is to be said of the others. */
export const examplesOf = <Target,>(
  table: Table, read: ReadRows, targets: readonly (Target | undefined)[],
): { readonly rows: readonly Example<Target>[]; readonly notes: readonly Note[] } => {
  const all = table.rows.map(({ line, values }, i): Example<Target> | undefined => {
    const [raw, target] = [read.rows[i], targets[i]]
    return raw === undefined || target === undefined ? undefined : { line, raw, target, values }
  })
  return {
    rows: all.filter((row) => row !== undefined),
    notes: [...(table.notes ?? []), ...read.notes, ...droppedNotes(table, all)],
  }
}

/** What a model reads of rows, and what is to be said of it. */
interface Inputs {
  readonly x: number[][]
  /** How many symbols of each row are unknown; nothing where it is no text. */
  readonly unknown: readonly number[] | undefined
  readonly notes: readonly Note[]
  /** Of these, those about rows that are longer than a window. */
  readonly cut: readonly Note[]
}

/** Rows as a model reads them, each from its first step to the last, or to that of a window. */
const inputsOf = (input: InputCodec, rows: readonly RawRow[], { window = Infinity }: Settings): Inputs => {
  const symbols = input.kind === 'text' ? new UnknownSymbols(Tokenizer.from(input.tokenizer)) : undefined
  const unknown = symbols && rows.map((row) => symbols.add(row as readonly string[]))
  const all = rows.map(encoderOf(input))
  const how = `the first ${counted(window)} steps of each are read (--window)`
  const cut = cutNotes(all.map(({ length }) => length), window, 'rows', how)
  const x = all.map((steps) => steps.slice(0, window)) as number[][]
  return { x, unknown, cut, notes: [...cut, ...(symbols?.notes() ?? [])] }
}

/** Batches of rows with what is to be said of them; `encode` gives what a model should answer. */
export const batchesOf = <Target,>(
  rows: readonly Example<Target>[], input: InputCodec, settings: Settings,
  encode: (target: Target, row: Example<Target>) => number | number[],
): Data & { readonly rows: readonly Example<Target>[]; readonly notes: readonly Note[] } => {
  const { x, notes } = inputsOf(input, rows.map(({ raw }) => raw), settings)
  return { rows, ...inBuckets(x, rows.map((row) => encode(row.target, row)) as number[], settings), notes }
}

const many = 20_000 // rows: as many can teach a larger network

/** What suits texts to classify: measured in test/tasks/defaults.ts. */
const forTexts = (rows: number): Partial<Defaults> => ({
  cell: 'gru', layers: 1, hidden: rows < many ? 32 : 64, bidirectional: true, dropout: 0.3, epochs: 8, updates: 1000,
  patience: 2,
})

/** The part of a dataset that is the same for all tasks on rows. */
export const rowDataset = <Target,>(
  { leftOut, columns }: ChosenInput, input: InputCodec, rows: readonly Example<Target>[], settings: Settings,
  notes: readonly Note[],
): Pick<TaskDataset, 'leftOut' | 'input' | 'once' | 'unit' | 'notes' | 'defaults'> => ({
  leftOut,
  ...(input.kind === 'text' && { defaults: forTexts(rows.length) }),
  input: signalOf(input),
  once: true,
  unit: input.kind === 'text' ? input.tokenizer.kind : 'steps',
  notes: [...columnNotes(columns), ...notes, ...inputsOf(input, rows.map(({ raw }) => raw), settings).cut],
})

/** What a model says of each row of a table: a list of scores; nothing where the row is left out. */
interface Answer {
  readonly line: number
  readonly scores: Float64Array | undefined
  /** How many of its symbols are unknown; only of a text. */
  readonly unknown?: number
}

/** Lets a model answer to all rows of a table, in their order. */
export const answers = async (
  model: Sequential, table: Table, trained: InputCodec, settings: Settings, { args, note }: TaskPredictOptions,
): Promise<Answer[]> => {
  const { rows } = table
  const { input, ...read } = readLike(table, trained, settings, args)
  const there = read.rows.flatMap((row, i) => (row === undefined ? [] : [{ row, i }]))
  const { x, unknown, notes } = inputsOf(input, there.map(({ row }) => row), settings)
  for (const one of [...(table.notes ?? []), ...read.notes, ...droppedNotes(table, read.rows), ...notes]) note(one)
  const predicted: Answer[] = rows.map(({ line }) => ({ line, scores: undefined }))
  if (x.length === 0) return predicted
  const data = inBuckets(x, x.map(() => 0), settings)
  for await (const { member, scores } of scoresOf(model, data)) {
    const { i } = there[member]!
    predicted[i] = { line: rows[i]!.line, scores, ...(unknown && { unknown: unknown[member]! }) }
  }
  return predicted
}

/** What a model says of each member of some data, in the order of its batches. */
export async function* scoresOf(
  model: Sequential, data: Data,
): AsyncGenerator<{ readonly member: number; readonly scores: Float64Array }> {
  for await (const { y, batch: { members = [] } } of predict(model, data)) {
    const [scores, size] = [model.backend.read(y), y.shape.at(-1)!]
    for (const [b, member] of members.entries())
      yield { member, scores: Float64Array.from(scores.subarray(b * size, (b + 1) * size)) }
  }
}
