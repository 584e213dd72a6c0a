import { ConfigurationError, describeValue, options, ValueError } from '@recurra/tensor'
import type { Dataset } from '../batch.ts'
import { windows, type WindowsOptions } from '../windows.ts'
import { normalized, normalizeOption, type NormalizationOptions } from './normalization.ts'
import { splittings, type SymbolKind } from './splitting.ts'
import { Tokenizer } from './tokenizer.ts'
import type { Vocabulary } from './vocabulary.ts'
import { vocabularyOptions, type VocabularyOptions } from './vocabulary-options.ts'

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

/** Texts as tokens, under a vocabulary that is made from their symbols. */
export const corpusOf = (
  kind: SymbolKind,
  texts: string | Iterable<string>,
  given: (VocabularyOptions & NormalizationOptions) | undefined,
  vocabularyOf: (symbols: Iterable<string>, options: Required<VocabularyOptions>) => Vocabulary,
): Corpus => {
  const known = kind === 'bytes' ? { specials: vocabularyOptions.specials } : vocabularyOptions
  const { normalize, ...rest } = options(kind, given, { ...known, normalize: normalizeOption })
  const split = (typeof texts === 'string' ? [texts] : [...texts]).map((text) =>
    splittings[kind].split(normalized(text, normalize)),
  )
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
