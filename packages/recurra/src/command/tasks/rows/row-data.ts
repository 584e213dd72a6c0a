import type { Sequential } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { predict, sequences, Tokenizer, type Data } from '@recurra/training'
import type { Parsed } from '../../../terminal/options.ts'
import { cutNotes, maxStepsFor } from '../../data/long-sequences.ts'
import { UnknownSymbols } from '../../data/symbols.ts'
import { columnNamed, expectColumns, type Table, type TableRow } from '../../data/table.ts'
import { counted, type Note } from '../../notes.ts'
import type { Settings } from '../../training/settings.ts'
import { encoderOf, type InputChoice, type InputCodec, type RawRow } from './input-codec.ts'
import { readRows, type ReadRows } from './read-rows.ts'

/** The columns that are read of a row. */
export const columnsRead = (input: InputCodec): readonly string[] =>
  input.kind === 'text' ? [input.column] : input.columns

/** What a network alone reads of a row, in words. */
export const inputInWords = (input: InputCodec): string =>
  input.kind === 'text' ? 'x is tokens of input.tokenizer' : 'x is scaled by input.scaler'

/** The columns for people. */
export const shortList = (names: readonly string[]): string =>
  names.length > 4 ? `${names[0]}, ${names[1]}, … ${names.at(-1)}` : names.join(', ')

/** The column of the text that a flag names, in place of that of the training. */
export const withText = (table: Table, input: InputCodec, { text }: Parsed): InputCodec =>
  text !== undefined && input.kind === 'text' ? { ...input, column: columnNamed(table, 'text', text, []) } : input

/** Reads the rows of another file than that of the training. */
export const readLike = (table: Table, input: InputCodec, missing: string): ReadRows => {
  expectColumns(table, columnsRead(input))
  if (missing === 'mask' && input.kind === 'numbers' && !input.mask)
    throw new ConfigurationError({
      where: '--missing', expected: 'a model that was trained with --missing mask', got: 'one that was not',
      fix: 'Choose error, drop or fill, or train again.',
    })
  return readRows(table, choiceOf(input), missing)
}

const choiceOf = (input: InputCodec): InputChoice => {
  if (input.kind === 'numbers') return input
  const { kind, normalize } = Tokenizer.from(input.tokenizer)
  return { kind: 'text', column: input.column, cutting: { kind, normalize } }
}

/** What a model reads of rows, and what is to be said of it. */
export interface Inputs {
  readonly x: number[][]
  /** How many symbols of each row are not known; nothing where it is no text. */
  readonly unknown: readonly number[] | undefined
  readonly notes: readonly Note[]
  /** Of these, those about rows that are longer than a window. */
  readonly cut: readonly Note[]
}

/** Rows as a model reads them, each from its first step to the last, or to that of a window. */
export const inputsOf = (input: InputCodec, rows: readonly RawRow[], { window = Infinity }: Settings): Inputs => {
  const symbols = input.kind === 'text' ? new UnknownSymbols(Tokenizer.from(input.tokenizer)) : undefined
  const unknown = symbols && rows.map((row) => symbols.add(row as readonly string[]))
  const all = rows.map(encoderOf(input))
  const how = `the first ${counted(window)} steps of each are read (--window)`
  const cut = cutNotes(all.map(({ length }) => length), window, 'rows', how)
  const x = all.map((steps) => steps.slice(0, window)) as number[][]
  return { x, unknown, cut, notes: [...cut, ...(symbols?.notes() ?? [])] }
}

/** Batches of rows with what is to be said of them: rows of similar length side by side. */
export const batchesOf = (x: number[][], target: number[] | number[][], settings: Settings): Data =>
  sequences({ x, target, batch: settings.batch, buckets: 6, maxSteps: maxStepsFor(settings) })

/** What a model says of each row of a table: a list of scores; nothing where the row is left out. */
export interface Answer {
  readonly row: TableRow
  readonly scores: Float64Array | undefined
  readonly unknown: number | undefined
}

/** Lets a model answer to all rows of a table, in their order. */
export const answers = async (
  model: Sequential, { rows }: Table, read: ReadRows['rows'], input: InputCodec, settings: Settings,
  say: (note: Note) => void,
): Promise<Answer[]> => {
  const there = read.flatMap((row, i) => (row === undefined ? [] : [{ row, i }]))
  const { x, unknown, notes } = inputsOf(input, there.map(({ row }) => row), settings)
  for (const note of notes) say(note)
  const answers: Answer[] = rows.map((row) => ({ row, scores: undefined, unknown: undefined }))
  if (x.length === 0) return answers
  const data = batchesOf(x, x.map(() => 0), settings)
  for await (const { y, batch: { members = [] } } of predict(model, data)) {
    const [scores, size] = [model.backend.read(y), y.shape.at(-1)!]
    members.forEach((member, b) => {
      const { i } = there[member]!
      const own = Float64Array.from(scores.subarray(b * size, (b + 1) * size))
      answers[i] = { row: rows[i]!, scores: own, unknown: unknown?.[member] }
    })
  }
  return answers
}
