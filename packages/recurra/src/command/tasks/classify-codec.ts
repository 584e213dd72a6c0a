import type { TokenizerData } from '@recurra/training'
import * as v from 'valibot'
import { parsedCodec, scaler, texts, tokenizer } from '../data/codec.ts'
import type { Scaler } from '../data/scaler.ts'

/** What is read of a row: a text, or a sequence of numbers. */
export type InputCodec =
  | { readonly kind: 'text'; readonly column: string; readonly tokenizer: TokenizerData }
  | { readonly kind: 'numbers'; readonly columns: readonly string[]; readonly scaler: Scaler }

/** What has to be known to read rows and to say their classes. */
export interface ClassifyCodec {
  readonly input: InputCodec
  /** The column of the labels. */
  readonly label: string
  /** The labels by number. */
  readonly labels: readonly string[]
}

const schema = v.object({
  input: v.variant('kind', [
    v.object({ kind: v.literal('text'), column: v.string(), tokenizer }),
    v.object({ kind: v.literal('numbers'), columns: texts, scaler }),
  ]),
  label: v.string(),
  labels: texts,
})

/** Looks at what a run has kept; a `ConfigurationError` says where it is wrong. */
export const parseClassifyCodec = (kept: unknown): ClassifyCodec => parsedCodec(schema, kept)
