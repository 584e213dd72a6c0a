import { ConfigurationError } from '@recurra/tensor'
import { Tokenizer, type TokenizerData } from '@recurra/training'
import * as v from 'valibot'
import type { Scaler } from './scaler.ts'

/** What codecs are made of, as they are kept in a run. */
export const texts: v.GenericSchema<unknown, string[]> = v.array(v.string())
const numbers = v.array(v.number())
/** See `Scaler`. */
export const scaler: v.GenericSchema<unknown, Scaler> = v.object({ mean: numbers, deviation: numbers })
/** A tokenizer looks at its data itself. */
export const tokenizer: v.GenericSchema<unknown, TokenizerData> = v.custom<TokenizerData>((value) => Tokenizer.from(value as TokenizerData) instanceof Tokenizer)

/** Looks at what a run has kept; a `ConfigurationError` says where it is wrong. */
export const parsedCodec = <T>(schema: v.GenericSchema<unknown, T>, kept: unknown): T => {
  const { success, output, issues } = v.safeParse(schema, kept, { abortEarly: true })
  if (success) return output
  const [issue] = issues
  throw new ConfigurationError({ where: `run.json, codec.${v.getDotPath(issue) ?? ''}`, expected: issue.expected ?? 'what recurra train writes', got: issue.received, fix: 'It was changed by hand; train again.' })
}
