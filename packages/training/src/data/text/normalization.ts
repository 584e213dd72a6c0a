import { option, ValueError } from '@recurra/tensor'

/**
 * The Unicode form of a text before it is split into symbols. The same text can be encoded in several ways: é as one
 * code point, or as e and an accent; 한 as one code point, or as three. Files, keyboards and systems differ in this;
 * the tokens should not.
 *
 * - `'NFC'`: composed; canonically equivalent texts have the same symbols.
 * - `'NFKC'`: also replaces compatibility variants: `ﬁ` becomes `fi`, a wide `Ａ` becomes `A`, `²` becomes `2`.
 * - `'none'`: keeps every code point.
 *
 * Source: Unicode Standard Annex #15, Unicode Normalization Forms.
 */
export type Normalization = 'NFC' | 'NFKC' | 'none'

/** Options of what makes a tokenizer. */
export interface NormalizationOptions {
  /** The Unicode form of texts, when the vocabulary is made and whenever a text is encoded. Default: `'NFC'`. */
  readonly normalize?: Normalization
}

/** Checks the Unicode form that is asked for. */
export const normalizeOption: option.Option<Normalization> = option.oneOf('NFC', 'NFKC', 'none')('NFC')

/** A text in a Unicode form. */
export const normalized = (text: string, form: Normalization): string => (form === 'none' ? text : text.normalize(form))

/** Checks symbols of texts in a Unicode form: another one could never be found in a text, and nobody would know. */
export const expectNormalized = (symbols: readonly string[], form: Normalization): void => {
  const strange = symbols.find((symbol) => normalized(symbol, form) !== symbol)
  if (strange === undefined) return
  throw new ValueError({
    where: 'tokenizer',
    expected: `symbols in the Unicode form ${form}`,
    got: `${JSON.stringify(strange)} (${codePoints(strange)}), which is ${codePoints(normalized(strange, form))} there`,
    fix: "Make the vocabulary from normalized texts, or the tokenizer with { normalize: 'none' }.",
  })
}

const codePoints = (text: string): string =>
  Array.from(text, (one) => `U+${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`).join(' ')
