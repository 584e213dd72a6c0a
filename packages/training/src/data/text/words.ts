import { corpusOf, type Corpus } from './corpus.ts'
import { Vocabulary, type VocabularyOptions } from './vocabulary.ts'

/**
 * A text as tokens, one per word; or several texts, one after the other. Words are what stands between white space, and
 * one space joins them again; to have marks as words of their own, put spaces around them first.
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
 * @throws `ConfigurationError` if `minCount` or `maxSize` makes no sense.
 */
export const words = (texts: string | Iterable<string>, options?: VocabularyOptions): Corpus =>
  corpusOf('words', texts, (symbols) => Vocabulary.of(symbols, options))
