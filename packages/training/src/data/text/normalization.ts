import { option, ValueError } from '@recurra/tensor'

/**
 * The Unicode form of a text before it is cut into symbols. One text can be written in several ways: é as one code
 * point, or as e and an accent; 한 as one, or as three. Files, keyboards and systems differ in that, and a model should
 * not.
 *
 * - `'NFC'`: composed; what looks alike and means the same has the same symbols.
 * - `'NFKC'`: moreover without variants of one character: `ﬁ` becomes `fi`, a wide `Ａ` becomes `A`, `²` becomes `2`.
 * - `'none'`: every code point as it stands.
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
