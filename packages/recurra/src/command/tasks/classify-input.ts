import { Tokenizer, type Normalization, type SymbolKind } from '@recurra/training'
import type { Parsed } from '../../terminal/options.ts'
import { scaled, scalerOf } from '../data/scaler.ts'
import { columnNamed, fault, isNumeric, numberIn, textIn, type Row, type Table } from '../data/table.ts'
import { symbolsOf, tokenizerFor, tokensOf } from '../data/understood-text.ts'
import type { UnknownSymbols } from '../data/unknown-symbols.ts'
import type { InputCodec } from './classify-codec.ts'

/** The columns that are read of a row. */
export const columnsOf = (input: InputCodec): readonly string[] => (input.kind === 'text' ? [input.column] : input.columns)

/** What rows have to offer: the columns that were asked for, a text, or all that are numbers. */
export const inputOf = (table: Table, label: string, args: Parsed): InputCodec => {
  const others = table.columns.filter((column) => column !== label)
  const [first] = table.rows
  const numbersIn = (column: string): boolean => Array.isArray(first!.values[column]) || table.rows.every(({ values }) => isNumeric(values[column]))
  const wanted = args['columns'] === undefined ? undefined : String(args['columns']).split(',').map((name) => columnNamed(table, 'columns', name.trim(), []))
  const numeric = wanted ?? (args['text'] === undefined ? others.filter(numbersIn) : [])
  const textual = others.filter((column) => !numbersIn(column))
  if (wanted || (numeric.length > 0 && textual.length === 0)) {
    const columns = wanted ?? (Array.isArray(first!.values[numeric[0]!]) ? numeric.slice(0, 1) : numeric)
    return { kind: 'numbers', columns, scaler: scalerOf(table.rows.flatMap((row) => numbersOf(table, row, columns))) }
  }
  const column = args['text'] === undefined && textual.length === 1 ? textual[0]! : columnNamed(table, 'text', args['text'], ['text', 'sentence', 'message', 'review', 'content'])
  const cutting = { kind: (args['tokens'] ?? 'words') as SymbolKind, normalize: (args['normalize'] ?? 'NFC') as Normalization }
  const known = tokenizerFor(cutting, table.rows.map((row) => symbolsOf(cutting, textIn(table, row, column))))
  return { kind: 'text', column, tokenizer: known.toJSON() }
}

/** The numbers of a row as a sequence, step by step: a list of its own, or the columns from left to right. */
const numbersOf = (table: Table, row: Row, columns: readonly string[]): number[][] => {
  const list = row.values[columns[0]!]
  if (!Array.isArray(list)) return columns.map((column) => [numberIn(table, row, column)])
  const steps = list.map((step: unknown) => (Array.isArray(step) ? step : [step]) as unknown[])
  if (steps.length === 0 || !steps.every((step) => step.length === steps[0]!.length && step.every(isNumeric)))
    throw fault(table, row.line, columns[0]!, 'a list of numbers, or of lists of as many numbers', list)
  return steps.map((step) => step.map(Number))
}

/** Reads rows as the model takes them: tokens, or features at every step. */
export const readerFor = (input: InputCodec, unknown?: UnknownSymbols): ((table: Table, row: Row) => number[] | number[][]) => {
  if (input.kind === 'numbers') return (table, row) => numbersOf(table, row, input.columns).map((step) => scaled(step, input.scaler))
  const tokenizer = Tokenizer.from(input.tokenizer)
  return (table, row) => {
    const symbols = symbolsOf(tokenizer, textIn(table, row, input.column))
    unknown?.add(symbols)
    return tokensOf(tokenizer, symbols)
  }
}
