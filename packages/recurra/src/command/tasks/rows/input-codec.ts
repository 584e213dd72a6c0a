import { sequence, type Signal } from '@recurra/layers'
import { Tokenizer, type TokenizerData } from '@recurra/training'
import * as v from 'valibot'
import { scaler, texts, tokenizer, type Scaler } from '../../data/codec.ts'
import type { ColumnFormat } from '../../data/column.ts'
import { tokenizerFor, tokensOf, type Cutting } from '../../data/symbols.ts'

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
  | { readonly kind: 'text'; readonly column: string; readonly tokenizer: TokenizerData }
  | (Extract<InputChoice, { readonly kind: 'numbers' }> & {
      /** Of each feature of a list; of each column otherwise. */
      readonly scaler: Scaler
    })

/** What stands in a row: the symbols of its text, or its numbers, step by step, NaN where one is missing. */
export type RawRow = readonly string[] | readonly (readonly number[])[]

const format = v.object({ decimal: v.optional(v.picklist(['.', ','])) })

/** For the record of a run. */
export const inputSchema: v.GenericSchema<unknown, InputCodec> = v.variant('kind', [
  v.object({ kind: v.literal('text'), column: v.string(), tokenizer }),
  v.object({
    kind: v.literal('numbers'), columns: texts, scaler,
    formats: v.optional(v.record(v.string(), format), {}),
    list: v.optional(v.boolean(), false),
    mask: v.optional(v.boolean(), false),
  }),
]) as unknown as v.GenericSchema<unknown, InputCodec>

/** Learns from rows what is needed to read all rows. */
export const fitInput = (choice: InputChoice, rows: readonly RawRow[]): InputCodec => {
  if (choice.kind === 'text') {
    const { column, cutting } = choice
    return { kind: 'text', column, tokenizer: tokenizerFor(cutting, rows as readonly (readonly string[])[]).toJSON() }
  }
  const all = rows as readonly (readonly (readonly number[])[])[]
  const width = choice.list ? all[0]![0]!.length : choice.columns.length
  const valuesOf = (i: number): number[] =>
    all.flatMap((steps) => (choice.list ? steps.map((step) => step[i]!) : [steps[i]![0]!]))
  const columns = Array.from({ length: width }, (_, i) => valuesOf(i).filter((value) => !Number.isNaN(value)))
  const mean = columns.map((values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length))
  const deviation = columns.map((values, i) =>
    Math.sqrt(values.reduce((sum, value) => sum + (value - mean[i]!) ** 2, 0) / Math.max(1, values.length)) || 1)
  return { ...choice, scaler: { mean, deviation } }
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
