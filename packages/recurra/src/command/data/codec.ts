import { parsed } from '@recurra/formats/parsed'
import { Tokenizer, type TokenizerData } from '@recurra/training'
import * as v from 'valibot'

/** How numbers are brought to a mean of 0 and a deviation of 1, by feature. */
export interface Scaler {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** The scaler of rows of features. A feature that never changes is left as large as it is. */
export const scalerOf = (rows: readonly (readonly number[])[]): Scaler => {
  const columns = rows[0]!.map((_, feature) => rows.map((row) => row[feature]!))
  const mean = columns.map((values) => values.reduce((a, b) => a + b, 0) / values.length)
  const deviation = columns.map(
    (values, i) => Math.sqrt(values.reduce((sum, value) => sum + (value - mean[i]!) ** 2, 0) / values.length) || 1,
  )
  return { mean, deviation }
}

/** Features as the model takes them. */
export const scaled = (row: readonly number[], { mean, deviation }: Scaler): number[] =>
  row.map((value, i) => (value - mean[i]!) / deviation[i]!)

/** Features as they were. */
export const unscaled = (row: ArrayLike<number>, { mean, deviation }: Scaler): number[] =>
  Array.from(row, (value, i) => value * deviation[i]! + mean[i]!)

/** What codecs are made of, as they are kept in a run. */
export const texts: v.GenericSchema<unknown, string[]> = v.array(v.string())
const numbers = v.array(v.number())
/** See `Scaler`. */
export const scaler: v.GenericSchema<unknown, Scaler> = v.object({ mean: numbers, deviation: numbers })
/** A tokenizer looks at its data itself. */
export const tokenizer: v.GenericSchema<unknown, TokenizerData> = v.custom<TokenizerData>(
  (value) => Tokenizer.from(value as TokenizerData) instanceof Tokenizer,
)

/** Looks at what a run has kept; a `ConfigurationError` says where it is wrong. */
export const parsedCodec = <T,>(schema: v.GenericSchema<unknown, T>, kept: unknown): T =>
  parsed(schema, kept, { where: 'run.json, codec', writer: 'recurra train' })
