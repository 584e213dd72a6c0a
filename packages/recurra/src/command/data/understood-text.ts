import { Tokenizer, Vocabulary, type Normalization, type SymbolKind } from '@recurra/training'

/** How texts are cut into symbols. */
export interface Cutting {
  readonly kind: SymbolKind
  readonly normalize: Normalization
}

const inForm = (text: string, form: Normalization): string => (form === 'none' ? text : text.normalize(form))

/** A word that is to be understood: in lower case, in a Unicode form. */
export const lowerCase = (word: string, form: Normalization): string => inForm(inForm(word, form).toLowerCase(), form)

/**
 * The symbols of a text that is to be understood, not to be written: words in lower case and marks, or characters, or
 * bytes.
 */
export const symbolsOf = ({ kind, normalize }: Cutting, text: string): readonly string[] => {
  if (kind === 'words') return lowerCase(text, normalize).match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)?|[^\s]/gu) ?? []
  const all = inForm(text, normalize)
  return kind === 'characters'
    ? [...all]
    : Array.from(new TextEncoder().encode(all), (byte) => String.fromCharCode(byte))
}

const much = 5000 // symbols: from here on, those that occur once teach what an unknown one is

/** A tokenizer for texts, one list of symbols each, that knows what it does not know. */
export const tokenizerFor = ({ kind, normalize }: Cutting, texts: readonly (readonly string[])[]): Tokenizer => {
  const all = texts.flat()
  const vocabulary = Vocabulary.of(all, { specials: ['unknown'], maxSize: 20_000, minCount: all.length > much ? 2 : 1 })
  return new Tokenizer(kind, vocabulary, { normalize })
}

/** The tokens of a text; one without any symbol is one unknown. */
export const tokensOf = ({ vocabulary }: Tokenizer, symbols: readonly string[]): number[] =>
  symbols.length === 0 ? [vocabulary.unknown] : [...vocabulary.encode(symbols)]
