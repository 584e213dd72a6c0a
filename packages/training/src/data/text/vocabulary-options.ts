import { option } from '@recurra/tensor'

/** Symbols that stand in no text: what fills up a sequence, what is not known, where a sequence begins and ends. */
export type SpecialSymbol = 'padding' | 'unknown' | 'start' | 'end'

/** All of them. */
export const everySpecial: readonly string[] = ['padding', 'unknown', 'start', 'end'] satisfies SpecialSymbol[]

/** Which symbols a vocabulary has. */
export interface VocabularyOptions {
  /** Symbols beside those of the texts; they have the first tokens, in this order. Default: `[]`. */
  readonly specials?: readonly SpecialSymbol[]
  /** How often a symbol must occur to be taken. Default: 1. */
  readonly minCount?: number
  /** The most symbols, special ones among them: the most frequent ones are taken. Default: no limit. */
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
