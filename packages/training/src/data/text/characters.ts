import { corpusOf, type Corpus } from './corpus.ts'
import type { NormalizationOptions } from './normalization.ts'
import { Vocabulary } from './vocabulary.ts'
import type { VocabularyOptions } from './vocabulary-options.ts'

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
): Corpus => corpusOf('characters', texts, options, (symbols, given) => Vocabulary.of(symbols, given))
