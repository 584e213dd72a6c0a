import { corpusOf, type Corpus } from './corpus.ts'
import type { NormalizationOptions } from './normalization.ts'
import { Vocabulary } from './vocabulary.ts'
import type { SpecialSymbol } from './vocabulary-options.ts'

/** Options of `bytes`. */
export interface BytesOptions extends NormalizationOptions {
  /** Special symbols in addition to the 256 bytes; no byte is unknown. Default: `[]`. */
  readonly specials?: readonly Exclude<SpecialSymbol, 'unknown'>[]
}

/**
 * A text as tokens, one per byte of UTF-8; or several texts, one after the other. The 256 symbols can encode every
 * text. The text is first normalized to NFC; `{ normalize: 'none' }` keeps it unchanged.
 *
 * ```ts
 * import { bytes } from 'recurra'
 *
 * const text = bytes('é')
 * console.log(text.size, text.encoded) // 256 [195, 169]
 * console.log(text.decode(text.encode('日本'))) // 日本
 * ```
 * @throws `ValueError` if there is no text.
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const bytes = (texts: string | Iterable<string>, options?: BytesOptions): Corpus => {
  const symbols = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
  return corpusOf('bytes', texts, options, (_, { specials }) => Vocabulary.from({ specials, symbols }))
}
