import { Tokenizer, Vocabulary, type SymbolKind } from '@recurra/training'

/** The symbols of a text that is to be understood, not to be written: words in lower case and marks, or characters, or bytes. */
export const symbolsOf = (kind: SymbolKind, text: string): readonly string[] => {
  if (kind === 'words') return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)?|[^\s]/gu) ?? []
  return kind === 'characters' ? [...text] : Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte))
}

const much = 5000 // symbols: from here on, those that occur once teach what an unknown one is

/** A tokenizer for texts, one list of symbols each, that knows what it does not know. */
export const tokenizerFor = (kind: SymbolKind, texts: readonly (readonly string[])[]): Tokenizer => {
  const all = texts.flat()
  return new Tokenizer(kind, Vocabulary.of(all, { specials: ['unknown'], maxSize: 20_000, minCount: all.length > much ? 2 : 1 }))
}

/** The tokens of a text, at most so many; one without any symbol is one unknown. */
export const tokensOf = ({ vocabulary }: Tokenizer, symbols: readonly string[], most: number): number[] =>
  symbols.length === 0 ? [vocabulary.unknown] : [...vocabulary.encode(symbols.slice(0, most))]
