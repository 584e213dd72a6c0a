import { ConfigurationError, describeValue, expectCount, options, ValueError } from '@recurra/tensor'
import {
  everySpecial, vocabularyOptions, type SpecialSymbol, type VocabularyData, type VocabularyOptions,
} from './vocabulary-options.ts'

/**
 * Symbols and their tokens: integers from 0, first the special symbols, then the others in the order of their code
 * points. A text cannot contain a special symbol: `<end>` in a text consists of ordinary symbols.
 *
 * ```ts
 * import { Vocabulary } from 'recurra'
 *
 * const vocabulary = Vocabulary.of(['b', 'a', 'b'], { specials: ['unknown'] })
 * console.log(vocabulary.symbols) // ['<unknown>', 'a', 'b']
 * console.log(vocabulary.encode(['b', 'c'])) // [2, 0]
 * ```
 */
export class Vocabulary {
  /** All symbols, by token; a special one is shown as `<end>`. */
  readonly symbols: readonly string[]
  /** The special ones, by token. */
  readonly specials: readonly SpecialSymbol[]
  readonly #tokens: ReadonlyMap<string, number>

  private constructor({ specials, symbols }: VocabularyData) {
    this.specials = [...specials]
    this.symbols = [...specials.map((special) => `<${special}>`), ...symbols]
    this.#tokens = new Map(symbols.map((symbol, i) => [symbol, specials.length + i]))
  }

  /**
   * The vocabulary of a sequence of symbols, with repetitions.
   * @throws `ConfigurationError` if an option is unknown or invalid.
   * @throws `ValueError` if a special symbol is unknown or given twice.
   */
  static of(symbols: Iterable<string>, given?: VocabularyOptions): Vocabulary {
    const { specials, minCount, maxSize } = options('vocabulary', given, vocabularyOptions)
    if (maxSize !== Infinity) expectCount(maxSize, 'the maxSize of a vocabulary', specials.length + 1)
    const counts = new Map<string, number>()
    for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
    const taken = [...counts].filter(([, count]) => count >= minCount).map(([symbol]) => symbol).sort()
    // stable: of equally frequent ones the first by code
    const frequent = taken.toSorted((a, b) => counts.get(b)! - counts.get(a)!)
    return Vocabulary.from({ specials, symbols: frequent.slice(0, maxSize - specials.length).sort() })
  }

  /**
   * The vocabulary that was saved by `toJSON`.
   * @throws `ValueError` if it is invalid.
   */
  static from({ specials, symbols }: VocabularyData): Vocabulary {
    const fault =
      faultIn(specials, (special) => everySpecial.includes(special)) ??
      faultIn(symbols, (symbol) => typeof symbol === 'string')
    if (fault === undefined) return new Vocabulary({ specials, symbols })
    throw new ValueError({
      where: 'vocabulary',
      expected: `different symbols, and special ones among ${everySpecial.join(', ')}`,
      got: fault,
      fix: 'Pass what toJSON of a vocabulary gave.',
    })
  }

  /** The number of symbols, including special ones. */
  get size(): number {
    return this.symbols.length
  }

  /**
   * The padding token.
   * @throws `ConfigurationError` if the vocabulary was made without it.
   */
  get padding(): number {
    return this.#special('padding')
  }

  /**
   * The token of unknown symbols.
   * @throws `ConfigurationError` if the vocabulary was made without it.
   */
  get unknown(): number {
    return this.#special('unknown')
  }

  /**
   * The start token of a sequence.
   * @throws `ConfigurationError` if the vocabulary was made without it.
   */
  get start(): number {
    return this.#special('start')
  }

  /**
   * The end token of a sequence.
   * @throws `ConfigurationError` if the vocabulary was made without it.
   */
  get end(): number {
    return this.#special('end')
  }

  /** Whether a symbol of a text has its own token. */
  has(symbol: string): boolean {
    return this.#tokens.has(symbol)
  }

  /**
   * The tokens of symbols. An unknown symbol gets the unknown token.
   * @throws `ValueError` if a symbol is unknown, and there is no unknown token; the error names its position.
   */
  encode(symbols: Iterable<string>): Int32Array {
    const unknown = this.specials.indexOf('unknown')
    return Int32Array.from(symbols, (symbol, i) => {
      const token = this.#tokens.get(symbol) ?? unknown
      if (token >= 0) return token
      throw new ValueError({
        where: `encode, symbol ${i}`,
        expected: 'a symbol of the vocabulary',
        got: `the unknown ${JSON.stringify(symbol)}`,
        fix: "Leave it out, or make the vocabulary from a text that has it, or with { specials: ['unknown'] }.",
      })
    })
  }

  /**
   * The symbols of tokens, without padding, start and end.
   * @throws `ValueError` if there is no list, or a token is invalid; the error names its position.
   */
  decode(tokens: Iterable<number>): string[] {
    if (typeof (tokens as Partial<Iterable<number>> | null | undefined)?.[Symbol.iterator] !== 'function')
      throw new ValueError({
        where: 'decode', expected: 'tokens in a list', got: describeValue(tokens), fix: 'Pass [7], say.',
      })
    return Array.from(tokens).flatMap((token, i) => {
      const symbol = typeof token === 'number' ? this.symbols[token] : undefined
      if (symbol !== undefined)
        return token < this.specials.length && this.specials[token] !== 'unknown' ? [] : [symbol]
      throw new ValueError({
        where: `decode, token ${i}`,
        expected: `an integer from 0 to ${this.size - 1}`,
        got: describeValue(token),
        fix: 'Decode only tokens of this vocabulary.',
      })
    })
  }

  /** Plain data, to be saved with a model. */
  toJSON(): VocabularyData {
    return { specials: this.specials, symbols: this.symbols.slice(this.specials.length) }
  }

  #special(name: SpecialSymbol): number {
    const token = this.specials.indexOf(name)
    if (token >= 0) return token
    throw new ConfigurationError({
      where: 'vocabulary',
      expected: `one with a symbol for ${name}`,
      got: 'one without',
      fix: `Make it with { specials: ['${name}'] }.`,
    })
  }
}

/** What makes a list unfit: that it is none, something in it, or the same thing twice. */
const faultIn = (list: readonly string[], fits: (one: string) => boolean): string | undefined => {
  if (!Array.isArray(list)) return `${JSON.stringify(list)} instead of a list`
  const known = new Set<string>()
  for (const one of list) {
    if (!fits(one)) return JSON.stringify(one)
    if (known.has(one)) return `${JSON.stringify(one)} twice`
    known.add(one)
  }
  return undefined
}
