import { tokens, type Tokens } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import { splittings, type SymbolKind } from './splitting.ts'
import { Vocabulary, type VocabularyData } from './vocabulary.ts'

/** A tokenizer as plain JSON. */
export interface TokenizerData {
  /** What its symbols are. */
  readonly kind: SymbolKind
  /** Its symbols. */
  readonly vocabulary: VocabularyData
}

/**
 * The way from texts to tokens and back. `characters`, `words` and `bytes` make one from a text; as plain JSON it is
 * saved with a model.
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
  /** Its symbols and their tokens. */
  readonly vocabulary: Vocabulary
  /** What a model of such texts takes: `sequential(text.tokens, [...])`. */
  readonly tokens: Tokens

  constructor(kind: SymbolKind, vocabulary: Vocabulary) {
    this.kind = kind
    this.vocabulary = vocabulary
    this.tokens = tokens(vocabulary.size)
  }

  /**
   * The tokenizer that was saved by `toJSON`.
   * @throws `ValueError` if it is none.
   */
  static from({ kind, vocabulary }: TokenizerData): Tokenizer {
    if (Object.hasOwn(splittings, kind)) return new Tokenizer(kind, Vocabulary.from(vocabulary))
    throw new ValueError({
      where: 'tokenizer',
      expected: `a kind among ${Object.keys(splittings).join(', ')}`,
      got: JSON.stringify(kind) ?? 'nothing',
      fix: 'Pass what toJSON of a tokenizer gave.',
    })
  }

  /** How many symbols there are, with the special ones. */
  get size(): number {
    return this.vocabulary.size
  }

  /**
   * The tokens of a text; what is not known is treated as `Vocabulary.encode` does.
   * @throws `ValueError` if a symbol is not known, and there is no unknown token.
   */
  encode(text: string): Int32Array {
    return this.vocabulary.encode(splittings[this.kind].split(text))
  }

  /**
   * The text of tokens, without padding, start and end.
   * @throws `ValueError` if a token is none.
   */
  decode(encoded: Iterable<number>): string {
    return splittings[this.kind].join(this.vocabulary.decode(encoded))
  }

  /** Plain data, to be saved with a model. */
  toJSON(): TokenizerData {
    return { kind: this.kind, vocabulary: this.vocabulary.toJSON() }
  }
}
