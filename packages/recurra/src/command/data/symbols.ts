import { Tokenizer, Vocabulary, type Normalization, type SymbolKind, type TokenizerData } from '@recurra/training'
import { counted, type Note } from '../notes.ts'
import type { Settings } from '../training/settings.ts'

/** How texts are cut into symbols. */
export interface Cutting {
  readonly kind: SymbolKind
  readonly normalize: Normalization
  readonly lowercase: boolean
}

/** A text in a Unicode form. */
export const inForm = (text: string, form: Normalization): string => (form === 'none' ? text : text.normalize(form))

/** A word that is to be understood: in lower case, in a Unicode form. */
export const lowerCase = (word: string, form: Normalization): string => inForm(inForm(word, form).toLowerCase(), form)

/**
 * The symbols of a text that is to be understood, not to be written: words and marks, or characters, or bytes.
 */
export const symbolsOf = ({ kind, normalize, lowercase }: Cutting, text: string): readonly string[] => {
  const all = lowercase ? lowerCase(text, normalize) : inForm(text, normalize)
  if (kind === 'words') return all.match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)?|[^\s]/gu) ?? []
  return kind === 'characters'
    ? [...all]
    : Array.from(new TextEncoder().encode(all), (byte) => String.fromCharCode(byte))
}

const much = 5000 // symbols: from here on, those that occur once teach what an unknown one is

/** How often symbols must occur to be learned: as was said, or as suits how many there are. */
export const minCountFor = (symbols: number, { minCount }: Pick<Settings, 'minCount'>): number =>
  minCount ?? (symbols > much ? 2 : 1)

/** A tokenizer for texts, one list of symbols each, that knows what it does not know. */
export const tokenizerFor = (
  { kind, normalize }: Pick<Cutting, 'kind' | 'normalize'>, texts: readonly (readonly string[])[],
  settings: Pick<Settings, 'minCount'>,
): Tokenizer => {
  const all = texts.flat()
  const minCount = minCountFor(all.length, settings)
  const vocabulary = Vocabulary.of(all, { specials: ['unknown'], maxSize: 20_000, minCount })
  return new Tokenizer(kind, vocabulary, { normalize })
}

/** The tokens of a text; one without any symbol is one unknown. */
export const tokensOf = ({ vocabulary }: Tokenizer, symbols: readonly string[]): number[] =>
  symbols.length === 0 ? [vocabulary.unknown] : [...vocabulary.encode(symbols)]

const frequent = 5 // symbols, that an example has

/** The most frequent symbols that a model knows, as an example of what it reads. */
export const exampleSymbols = (kept: TokenizerData): string[] => {
  const { vocabulary: { symbols, specials } } = Tokenizer.from(kept)
  return symbols.slice(specials.length, specials.length + frequent)
}

/** Counts the symbols that a vocabulary does not have. */
export class UnknownSymbols {
  readonly #vocabulary: Vocabulary
  readonly #kind: SymbolKind
  readonly #found = new Map<string, number>()
  #all = 0
  #count = 0

  constructor({ kind, vocabulary }: Tokenizer) {
    this.#kind = kind
    this.#vocabulary = vocabulary
  }

  /** How many there were. */
  get count(): number {
    return this.#count
  }

  /** Looks at further symbols, and says how many of them are unknown. */
  add(symbols: readonly string[]): number {
    const unknown = symbols.filter((symbol) => !this.#vocabulary.has(symbol))
    for (const symbol of unknown) this.#found.set(symbol, (this.#found.get(symbol) ?? 0) + 1)
    this.#all += symbols.length
    this.#count += unknown.length
    return unknown.length
  }

  /** What is to be said of them, and what was done about it: nothing where all are known. */
  notes(of = '', instead?: string): Note[] {
    const { count } = this
    if (count === 0) return []
    const frequent = [...this.#found].sort(([, a], [, b]) => b - a)
    const inWords = ([symbol, times]: readonly [string, number]): string =>
      `${JSON.stringify(symbol)}${times > 1 ? ` (${counted(times)})` : ''}`
    const some = frequent.slice(0, few).map(inWords)
    const replaced = this.#vocabulary.specials.includes('unknown') ? 'replaced by the unknown symbol' : 'left out'
    const done = instead ?? replaced
    const [is, was] = count === 1 ? ['is', 'was'] : ['are', 'were']
    const named = `${some.join(', ')}${frequent.length > few ? ', …' : ''}`
    return [
      {
        text:
          `${counted(count)} of ${counted(this.#all)} ${this.#kind}${of} ${is} not known to the model ` +
          `and ${was} ${done}: ${named}`,
        figures: { unknown: { count, of: this.#all, symbols: Object.fromEntries(frequent.slice(0, many)) } },
      },
    ]
  }
}

const [few, many] = [8, 100] // different symbols that are named, to people and to machines

/** A text of which only what is known was encoded. */
interface Known {
  readonly encoded: Int32Array
  readonly notes: readonly Note[]
}

/** The tokens of a text: what is unknown is replaced by the unknown symbol, or left out where there is none. */
export const knownOf = (tokenizer: Tokenizer, text: string, of?: string): Known => {
  const unknown = new UnknownSymbols(tokenizer)
  const [symbols, { vocabulary }] = [tokenizer.symbolsOf(text), tokenizer]
  unknown.add(symbols)
  const known = vocabulary.specials.includes('unknown') ? symbols : symbols.filter((symbol) => vocabulary.has(symbol))
  return { encoded: vocabulary.encode(known), notes: unknown.notes(of) }
}
