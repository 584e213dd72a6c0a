import { tokens, type Tokens } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'

/** A text as tokens: its distinct characters in order, and the way to and fro. */
export class Characters {
  readonly symbols: readonly string[]
  readonly tokens: Tokens
  readonly encoded: Int32Array
  readonly #index: ReadonlyMap<string, number>

  constructor(text: string) {
    if (text.length === 0) throw new ValueError({ where: 'characters', expected: 'a text', got: 'an empty one', fix: 'Pass at least a few thousand characters to learn from.' })
    this.symbols = [...new Set(text)].sort()
    this.#index = new Map(this.symbols.map((symbol, i) => [symbol, i]))
    this.tokens = tokens(this.symbols.length)
    this.encoded = this.encode(text)
  }

  get size(): number {
    return this.symbols.length
  }

  encode(text: string): Int32Array {
    return Int32Array.from(text, (symbol) => {
      const token = this.#index.get(symbol)
      if (token !== undefined) return token
      throw new ValueError({ where: 'encode', expected: 'characters of the text', got: `the unknown ${JSON.stringify(symbol)}`, fix: 'Replace it, or make the vocabulary from a text that has it.' })
    })
  }

  decode(encoded: Iterable<number>): string {
    return Array.from(encoded, (token) => this.symbols[token] ?? '').join('')
  }
}

export const characters = (text: string): Characters => new Characters(text)
