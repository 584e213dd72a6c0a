/** A tokenizer as plain data, as `toJSON` of a `Tokenizer` gives it. */
export interface Symbols {
  /** What the symbols are. */
  readonly kind: 'characters' | 'words' | 'bytes'
  /** The Unicode form of its texts; without it `'none'`. */
  readonly normalize?: 'NFC' | 'NFKC' | 'none'
  /** All of them, in the order of their tokens. */
  readonly vocabulary: {
    /** The special ones, which have the first tokens. */
    readonly specials: readonly string[]
    /** All others. */
    readonly symbols: readonly string[]
  }
}

const splits: { readonly [kind in Symbols['kind']]: readonly [split: string, join: string] } = {
  characters: ['[...text]', "all.join('')"],
  words: ['text.match(/\\S+/gu) ?? []', "all.join(' ')"],
  bytes: [
    'Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte))',
    'new TextDecoder().decode(Uint8Array.from(all, (symbol) => symbol.charCodeAt(0)))',
  ],
}

/** Texts in and out, for a model that says what comes next. */
export const samplingOf = ({ kind, normalize = 'none', vocabulary: { specials, symbols } }: Symbols): string => {
  const [split, join] = splits[kind]
  const form = normalize === 'none' ? '' : `  text = text.normalize(${JSON.stringify(normalize)})\n`
  const token = (special: string): number => specials.indexOf(special)
  return `const specials = ${specials.length}
const symbols = ${JSON.stringify(symbols)}
const tokens = new Map(symbols.map((symbol, i) => [symbol, specials + i]))

/** The tokens of a text. */
export const encode = (text) => {
${form}  return Array.from(${split}, (symbol) => {
    const token = tokens.get(symbol) ?? ${token('unknown')}
    if (token < 0) throw new RangeError(\`the model does not know \${JSON.stringify(symbol)}\`)
    return token
  })
}

/** The text of tokens; what stands in no text is left out. */
export const decode = (encoded) => {
  const all = Array.from(encoded).filter((token) => token >= specials).map((token) => symbols[token - specials])
  return ${join}
}

/**
 * One of the tokens, by its score: the likelier the higher, the less so the hotter. Temperature 0 takes the most
 * likely.
 */
const draw = (scores, temperature, random) => {
  const top = scores.reduce((a, b) => Math.max(a, b))
  if (temperature === 0) return scores.indexOf(top)
  const weights = scores.map((score) => Math.exp((score - top) / temperature))
  let left = random() * weights.reduce((a, b) => a + b)
  const drawn = weights.findIndex((weight) => (left -= weight) < 0)
  return drawn < 0 ? scores.indexOf(top) : drawn
}

/** Goes on from a prompt: yields one token after the other, in a stream of its own. */
export function* write(prompt, { length = 200, temperature = 1, random = Math.random } = {}) {
  const { step } = stream()
  const before = [${token('start') >= 0 ? `${token('start')}, ` : ''}...encode(prompt)]
  if (before.length === 0) throw new RangeError('expected a prompt, got an empty text')
  let scores
  for (const token of before) scores = step(token)
  for (let n = 0; n < length; n++) {
    const token = draw(scores, temperature, random)
    if (token === ${token('end')}) return
    yield token
    scores = step(token)
  }
}

/** The same as a text. */
export const sample = (prompt, options) => decode(write(prompt, options))`
}
