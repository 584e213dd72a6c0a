import { tokens, type Tokens } from '@recurra/layers'
import { options, ValueError } from '@recurra/tensor'
import {
  expectNormalized, normalizeOption, splittings, symbolsIn, type Normalization, type NormalizationOptions,
  type SymbolKind,
} from './symbols.ts'
import { Vocabulary } from './vocabulary.ts'
import type { VocabularyData } from './vocabulary-options.ts'

/** A tokenizer as plain JSON. */
export interface TokenizerData {
  /** What its symbols are. */
  readonly kind: SymbolKind
  /** The Unicode form of its texts. Default: `'none'`, as in tokenizers of earlier versions. */
  readonly normalize?: Normalization
  /** Its symbols. */
  readonly vocabulary: VocabularyData
}

/**
 * Converts texts to tokens and back. `characters`, `words` and `bytes` create one from a text. Save it with a model as
 * plain JSON.
 *
 * Texts are first normalized to one Unicode form (`normalize`), so that texts that look the same have the same tokens,
 * whatever keyboard, file or system they come from. `decode` returns texts in this form.
 *
 * ```ts
 * import { Tokenizer, words } from 'recurra'
 *
 * const saved = JSON.stringify(words('three above seven', { specials: ['start', 'end'] }))
 * const tokenizer = Tokenizer.from(JSON.parse(saved))
 * const { start, end } = tokenizer.vocabulary
 * console.log([start, ...tokenizer.encode('seven above three'), end]) // [0, 3, 2, 4, 1]
 * console.log(tokenizer.decode([0, 3, 2, 4, 1])) // seven above three
 * ```
 */
export class Tokenizer {
  /** What its symbols are. */
  readonly kind: SymbolKind
  /** The Unicode form of its texts. */
  readonly normalize: Normalization
  /** Its symbols and their tokens. */
  readonly vocabulary: Vocabulary
  /** The input of a model for such texts: `sequential(text.tokens, [...])`. */
  readonly tokens: Tokens

  /**
   * A tokenizer with an existing vocabulary.
   * @throws `ConfigurationError` if an option is unknown or invalid.
   * @throws `ValueError` if a symbol is not in the Unicode form of the texts, so that no text could contain it.
   */
  constructor(kind: SymbolKind, vocabulary: Vocabulary, given?: NormalizationOptions) {
    const { normalize } = options('Tokenizer', given, { normalize: normalizeOption })
    if (kind !== 'bytes') expectNormalized(vocabulary.symbols.slice(vocabulary.specials.length), normalize)
    this.kind = kind
    this.normalize = normalize
    this.vocabulary = vocabulary
    this.tokens = tokens(vocabulary.size)
  }

  /**
   * The tokenizer that was saved by `toJSON`.
   * @throws `ValueError` if it is invalid.
   * @throws `ConfigurationError` if its Unicode form is unknown.
   */
  static from({ kind, normalize = 'none', vocabulary }: TokenizerData): Tokenizer {
    if (Object.hasOwn(splittings, kind)) return new Tokenizer(kind, Vocabulary.from(vocabulary), { normalize })
    throw new ValueError({
      where: 'tokenizer',
      expected: `a kind among ${Object.keys(splittings).join(', ')}`,
      got: JSON.stringify(kind) ?? 'nothing',
      fix: 'Pass what toJSON of a tokenizer gave.',
    })
  }

  /** The number of symbols, including special ones. */
  get size(): number {
    return this.vocabulary.size
  }

  /** The symbols of a text, in its Unicode form, whether or not the vocabulary has them. */
  symbolsOf(text: string): string[] {
    return Array.from(symbolsIn(text, this.kind, this.normalize))
  }

  /**
   * The tokens of a text; unknown symbols are handled as in `Vocabulary.encode`.
   * @throws `ValueError` if a symbol is unknown, and there is no unknown token.
   */
  encode(text: string): Int32Array {
    return this.vocabulary.encode(this.symbolsOf(text))
  }

  /**
   * The text of tokens, without padding, start and end.
   * @throws `ValueError` if a token is invalid.
   */
  decode(encoded: Iterable<number>): string {
    return splittings[this.kind].join(this.vocabulary.decode(encoded))
  }

  /** Plain data, to be saved with a model. */
  toJSON(): TokenizerData {
    return { kind: this.kind, normalize: this.normalize, vocabulary: this.vocabulary.toJSON() }
  }
}
