import { ConfigurationError, describeValue, options, ValueError } from '@recurra/tensor'
import type { Dataset } from '../batch.ts'
import { windows, type WindowsOptions } from '../windows.ts'
import { normalizeOption, symbolsIn, type NormalizationOptions, type SymbolKind } from './symbols.ts'
import { Tokenizer } from './tokenizer.ts'
import { Vocabulary } from './vocabulary.ts'
import { vocabularyOptions, type SpecialSymbol, type VocabularyOptions } from './vocabulary-options.ts'

/**
 * One or more texts as tokens, with their tokenizer. Created by `characters`, `words` and `bytes`.
 *
 * ```ts
 * import { characters } from 'recurra'
 *
 * const [text, heldOut] = characters('to be or not to be').split(0.5)
 * console.log(text.decode(text.encoded), '|', heldOut.decode(heldOut.encoded)) // to be or  | not to be
 * ```
 */
export class Corpus extends Tokenizer {
  /**
   * All of it as tokens, [symbols]: texts one after the other, between start and end symbols if the vocabulary has
   * them.
   */
  readonly encoded: Int32Array

  constructor({ kind, vocabulary, normalize }: Tokenizer, encoded: Int32Array) {
    super(kind, vocabulary, { normalize })
    this.encoded = encoded
  }

  /** Batches for predicting the next symbol: x and target [batch, steps]. */
  windows(options?: WindowsOptions): Dataset {
    return windows(this.encoded, options)
  }

  /**
   * The first `share` of the text and the rest, under one vocabulary: `const [text, heldOut] =
   * characters(all).split(0.9)`.
   * @throws `ConfigurationError` if the share is not a number, or leaves nothing on one of the sides.
   */
  split(share: number): [first: Corpus, rest: Corpus] {
    const at = typeof share === 'number' ? Math.round(this.encoded.length * share) : Number.NaN
    if (!(at > 0 && at < this.encoded.length))
      throw new ConfigurationError({
        where: 'split',
        expected: 'a share that leaves something on both sides',
        got: describeValue(share),
        fix: 'Use 0.9, say.',
      })
    return [new Corpus(this, this.encoded.subarray(0, at)), new Corpus(this, this.encoded.subarray(at))]
  }
}

/**
 * A text as tokens, one per character (Unicode code point); or several texts, one after the other. Texts are first
 * normalized to NFC, so that é is one character, however it was typed.
 *
 * ```ts
 * import { characters } from 'recurra'
 *
 * const text = characters('hello')
 * console.log(text.vocabulary.symbols) // ['e', 'h', 'l', 'o']
 * console.log(text.decode(text.encode('hole'))) // hole
 * console.log(characters('Zoe\u0308').vocabulary.symbols) // ['Z', 'o', 'ë']
 * ```
 * @throws `ValueError` if there is no text.
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const characters = (
  texts: string | Iterable<string>,
  options?: VocabularyOptions & NormalizationOptions,
): Corpus => corpusOf('characters', texts, options)

/**
 * A text as tokens, one per word; or several texts, one after the other. White space separates words, and decoding
 * joins them with single spaces. To make punctuation marks separate words, put spaces around them first.
 *
 * ```ts
 * import { words } from 'recurra'
 *
 * const text = words(['a rose is a rose', 'is a rose'], { specials: ['unknown', 'end'], minCount: 2 })
 * console.log(text.vocabulary.symbols) // ['<unknown>', '<end>', 'a', 'is', 'rose']
 * console.log(text.encoded) // [2, 4, 3, 2, 4, 1, 3, 2, 4, 1]
 * console.log(text.decode(text.encode('a tulip is a tulip'))) // a <unknown> is a <unknown>
 * console.log('Well, yes.'.replace(/[^\w\s]/g, ' $& ')) // Well , yes .
 * ```
 * @throws `ValueError` if there is no text.
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const words = (texts: string | Iterable<string>, options?: VocabularyOptions & NormalizationOptions): Corpus =>
  corpusOf('words', texts, options)

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

/** Texts as tokens, under a vocabulary that is made from their symbols. */
const corpusOf = (
  kind: SymbolKind,
  texts: string | Iterable<string>,
  given: (VocabularyOptions & NormalizationOptions) | undefined,
  vocabularyOf: (symbols: Iterable<string>, options: Required<VocabularyOptions>) => Vocabulary = (symbols, options) =>
    Vocabulary.of(symbols, options),
): Corpus => {
  const known = kind === 'bytes' ? { specials: vocabularyOptions.specials } : vocabularyOptions
  const { normalize, ...rest } = options(kind, given, { ...known, normalize: normalizeOption })
  const split = (typeof texts === 'string' ? [texts] : [...texts]).map((text) => symbolsIn(text, kind, normalize))
  if (inTurn(split).next().done)
    throw new ValueError({
      where: kind,
      expected: 'a text',
      got: 'an empty one',
      fix: 'Pass at least a few thousand symbols to learn from.',
    })
  const vocabulary = vocabularyOf(inTurn(split), rest as Required<VocabularyOptions>)
  const { specials } = vocabulary
  const before = specials.includes('start') ? [vocabulary.start] : []
  const after = specials.includes('end') ? [vocabulary.end] : []
  const parts = split.flatMap((symbols) => [before, vocabulary.encode(symbols), after])
  const encoded = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0))
  parts.reduce((at, part) => (encoded.set(part, at), at + part.length), 0)
  return new Corpus(new Tokenizer(kind, vocabulary, { normalize }), encoded)
}

function* inTurn(lists: Iterable<Iterable<string>>): Generator<string> {
  for (const list of lists) yield* list
}
