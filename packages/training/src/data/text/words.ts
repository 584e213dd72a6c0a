import { corpusOf, type Corpus } from './corpus.ts'
import type { NormalizationOptions } from './normalization.ts'
import { Vocabulary } from './vocabulary.ts'
import type { VocabularyOptions } from './vocabulary-options.ts'

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
  corpusOf('words', texts, options, (symbols, given) => Vocabulary.of(symbols, given))
