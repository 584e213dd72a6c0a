import { tokens, type Tokens } from '@recurra/layers'
import { ConfigurationError, ValueError } from '@recurra/tensor'
import type { Data } from './batch.ts'
import { windows, type WindowsOptions } from './windows.ts'

/** A text as tokens: its distinct characters in order, and the way to and fro. Made by `characters`. */
export class Characters {
  /** The distinct characters; a character's place is its token. */
  readonly symbols: readonly string[]
  /** What a model of this text takes: `sequential(text.tokens, [...])`. */
  readonly tokens: Tokens
  /** The whole text. */
  readonly encoded: Int32Array
  readonly #index: ReadonlyMap<string, number>

  constructor(symbols: readonly string[], text: string | Int32Array) {
    this.symbols = symbols
    this.tokens = tokens(symbols.length)
    this.#index = new Map(symbols.map((symbol, i) => [symbol, i]))
    this.encoded = typeof text === 'string' ? this.encode(text) : text
  }

  /** How many distinct characters there are. */
  get size(): number {
    return this.symbols.length
  }

  /** The tokens of a text; a character that the vocabulary does not have is a `ValueError` that says where it stands. */
  encode(text: string): Int32Array {
    return Int32Array.from(text, (symbol, i) => {
      const token = this.#index.get(symbol)
      if (token !== undefined) return token
      throw new ValueError({
        where: `encode, character ${i}`,
        expected: 'a character of the vocabulary',
        got: `the unknown ${JSON.stringify(symbol)}`,
        fix: 'Leave it out, or make the vocabulary from a text that has it.',
      })
    })
  }

  /** The text of tokens; a token that the vocabulary does not have is a `ValueError` that says where it stands. */
  decode(encoded: Iterable<number>): string {
    return Array.from(encoded, (token, i) => {
      const symbol = this.symbols[token]
      if (symbol !== undefined) return symbol
      throw new ValueError({
        where: `decode, token ${i}`,
        expected: `a whole number from 0 to ${this.size - 1}`,
        got: String(token),
        fix: 'Decode only tokens of this vocabulary.',
      })
    }).join('')
  }

  /** Batches to learn the next character from: x and target [batch, steps]. */
  windows(options?: WindowsOptions): Data {
    return windows(this.encoded, options)
  }

  /** The first `share` of the text and the rest, under one vocabulary: `const [text, heldOut] = characters(all).split(0.9)`. */
  split(share: number): [first: Characters, rest: Characters] {
    const at = Math.round(this.encoded.length * share)
    if (!(at > 0 && at < this.encoded.length))
      throw new ConfigurationError({
        where: 'split',
        expected: 'a share that leaves something on both sides',
        got: String(share),
        fix: 'Use 0.9, say.',
      })
    return [new Characters(this.symbols, this.encoded.subarray(0, at)), new Characters(this.symbols, this.encoded.subarray(at))]
  }
}

/**
 * A text as tokens, one per character (Unicode code point).
 *
 * ```ts
 * import { characters } from 'recurra'
 *
 * const text = characters('hello')
 * console.log(text.symbols) // ['e', 'h', 'l', 'o']
 * console.log(text.decode(text.encode('hole'))) // hole
 * ```
 */
export const characters = (text: string): Characters => {
  if (text.length === 0)
    throw new ValueError({
      where: 'characters',
      expected: 'a text',
      got: 'an empty one',
      fix: 'Pass at least a few thousand characters to learn from.',
    })
  return new Characters([...new Set(text)].sort(), text)
}
