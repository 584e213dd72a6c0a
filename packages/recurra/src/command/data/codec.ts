import { parsed } from '@recurra/formats/parsed'
import { Tokenizer, type TokenizerData } from '@recurra/training'
import * as v from 'valibot'
import type { Scaler } from './scaler.ts'

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
