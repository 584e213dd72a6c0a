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
const normalized = (text: string, form: Normalization): string => (form === 'none' ? text : text.normalize(form))

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

/** Splits a text into symbols, and joins symbols to a text. */
export interface Splitting {
  /** The symbols of a text. */
  readonly split: (text: string) => Iterable<string>
  /** The text of symbols. */
  readonly join: (symbols: readonly string[]) => string
}

/** The kind of symbols of a text. */
export type SymbolKind = 'characters' | 'words' | 'bytes'

/** One symbol per Unicode code point. */
const intoCharacters: Splitting = { split: (text) => text, join: (symbols) => symbols.join('') }

/** One symbol for each word between white space. */
const intoWords: Splitting = { split: (text) => text.match(/\S+/gu) ?? [], join: (symbols) => symbols.join(' ') }

/** One symbol per byte of UTF-8: the character with the code of the byte. */
const intoBytes: Splitting = {
  split: (text) => Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)),
  join: (symbols) => new TextDecoder().decode(Uint8Array.from(symbols, (symbol) => symbol.charCodeAt(0))),
}

/** Every kind. */
export const splittings: Readonly<Record<SymbolKind, Splitting>> = {
  characters: intoCharacters,
  words: intoWords,
  bytes: intoBytes,
}

/** The symbols of a text, in its Unicode form. */
export const symbolsIn = (text: string, kind: SymbolKind, form: Normalization): Iterable<string> =>
  splittings[kind].split(normalized(text, form))
