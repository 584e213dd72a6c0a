import { corpusOf, type Corpus } from './corpus.ts'
import { Vocabulary, type VocabularyOptions } from './vocabulary.ts'

/**
 * A text as tokens, one per character (Unicode code point); or several texts, one after the other.
 *
 * ```ts
 * import { characters } from 'recurra'
 *
 * const text = characters('hello')
 * console.log(text.vocabulary.symbols) // ['e', 'h', 'l', 'o']
 * console.log(text.decode(text.encode('hole'))) // hole
 * ```
 * @throws `ValueError` if there is no text.
 * @throws `ConfigurationError` if `minCount` or `maxSize` makes no sense.
 */
export const characters = (texts: string | Iterable<string>, options?: VocabularyOptions): Corpus =>
  corpusOf('characters', texts, (symbols) => Vocabulary.of(symbols, options))
