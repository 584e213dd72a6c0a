import { option } from '@recurra/tensor'

/** Symbols that no text contains: padding, unknown symbols, the start and the end of a sequence. */
export type SpecialSymbol = 'padding' | 'unknown' | 'start' | 'end'

/** All of them. */
export const everySpecial: readonly string[] = ['padding', 'unknown', 'start', 'end'] satisfies SpecialSymbol[]

/** Options of a vocabulary. */
export interface VocabularyOptions {
  /** Special symbols. They have the first tokens, in this order. Default: `[]`. */
  readonly specials?: readonly SpecialSymbol[]
  /** The minimum frequency of a symbol. Default: 1. */
  readonly minCount?: number
  /** The maximum number of symbols, including special ones; the most frequent ones are kept. Default: no limit. */
  readonly maxSize?: number
}

/** How they are checked. */
export const vocabularyOptions: option.Kinds<VocabularyOptions, keyof VocabularyOptions> = {
  specials: option.checked<readonly SpecialSymbol[]>(`a list of some of ${everySpecial.join(', ')}`, Array.isArray)([]),
  minCount: option.count(1),
  maxSize: option.checked<number>(
    'an integer of at least 1, or Infinity',
    (value) => value === Infinity || Number.isSafeInteger(value),
  )(Infinity),
}

/** A vocabulary as plain JSON. */
export interface VocabularyData {
  /** The special symbols, which have the first tokens. */
  readonly specials: readonly SpecialSymbol[]
  /** All others, by token. */
  readonly symbols: readonly string[]
}
