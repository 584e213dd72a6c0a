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
