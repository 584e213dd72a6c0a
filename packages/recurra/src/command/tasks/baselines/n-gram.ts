/** The longest history that is looked at; and how many tokens are counted, of a longer text the last ones. */
const [longest, most] = [4, 1_000_000]
const width = 2 // code units of a string that stand for a token

/**
 * A model of texts that counts up to five tokens in a row, with shorter histories mixed in (Witten and Bell 1991):
 * p(x | h) = (c(hx) + d(h) · p(x | h')) / (c(h) + d(h)), where c counts, d(h) is the number of different tokens that
 * came after h, and h' is h without its first token; before all of them, each token is as likely as any other.
 */
export class NGram {
  readonly #size: number
  readonly #counts = new Map<string, number>()
  readonly #after = new Map<string, { total: number; different: number }>()

  /** Counts the tokens of a text, of which there are `size` different ones. */
  constructor(tokens: ArrayLike<number>, size: number) {
    this.#size = size
    const text = written(tokens).slice(-width * most)
    for (let i = 0; i < text.length; i += width)
      for (let from = Math.max(0, i - width * longest); from <= i; from += width)
        this.#count(text.slice(from, i), text.slice(from, i + width))
  }

  #count(history: string, whole: string): void {
    const before = this.#counts.get(whole) ?? 0
    this.#counts.set(whole, before + 1)
    let after = this.#after.get(history)
    if (!after) this.#after.set(history, (after = { total: 0, different: 0 }))
    after.total++
    if (before === 0) after.different++
  }

  /** The mean of -ln p over all tokens of a text but the first, which has nothing before it. */
  loss(tokens: ArrayLike<number>): number {
    const text = written(tokens)
    let sum = 0
    for (let i = width; i < text.length; i += width) sum -= Math.log(this.#probability(text, i))
    return sum / (tokens.length - 1)
  }

  #probability(text: string, i: number): number {
    let p = 1 / this.#size
    for (let from = i; from >= Math.max(0, i - width * longest); from -= width) {
      const after = this.#after.get(text.slice(from, i))
      if (!after) return p
      const count = this.#counts.get(text.slice(from, i + width)) ?? 0
      p = (count + after.different * p) / (after.total + after.different)
    }
    return p
  }
}

/** Tokens as a string, parts of which are keys. */
const written = (tokens: ArrayLike<number>): string =>
  Array.from(tokens, (token) => String.fromCharCode(token >> 16, token & 0xffff)).join('')
