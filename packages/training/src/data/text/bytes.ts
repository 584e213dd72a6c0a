import { corpusOf, type Corpus } from './corpus.ts'
import { Vocabulary, type SpecialSymbol } from './vocabulary.ts'

/** Options of `bytes`. */
export interface BytesOptions {
  /** Symbols beside the 256 bytes; no byte is unknown. None unless said otherwise. */
  readonly specials?: readonly Exclude<SpecialSymbol, 'unknown'>[]
}

/**
 * A text as tokens, one per byte of UTF-8; or several texts, one after the other. Every text can be written with the 256
 * symbols, whichever it was made from.
 *
 * ```ts
 * import { bytes } from 'recurra'
 *
 * const text = bytes('é')
 * console.log(text.size, text.encoded) // 256 [195, 169]
 * console.log(text.decode(text.encode('日本'))) // 日本
 * ```
 * @throws `ValueError` if there is no text.
 */
export const bytes = (texts: string | Iterable<string>, { specials = [] }: BytesOptions = {}): Corpus => {
  const symbols = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))
  return corpusOf('bytes', texts, () => Vocabulary.from({ specials, symbols }))
}
