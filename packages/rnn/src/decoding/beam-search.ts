import { ConfigurationError } from '@recurra/tensor'
import type { Round } from './write-tokens.ts'

/** A sequence that beam search has found. */
export interface Hypothesis {
  /** The generated tokens, without prompt and end token. */
  readonly tokens: readonly number[]
  /** The log-probability in nats, including the end token. */
  readonly logProbability: number
  /** The score for ranking: the log-probability divided by the length penalty. */
  readonly score: number
  /** Whether it ended with the end token; otherwise it has the maximum length. */
  readonly ended: boolean
}

/** The beginning of a sequence, and the row of the model that has read it. */
interface Beginning {
  readonly tokens: readonly number[]
  readonly logProbability: number
  readonly row: number
}

/** The beam of one sequence, in `width` rows of the model from the `first` one on. */
export class BeamSearch {
  readonly #first: number
  readonly #width: number
  readonly #end: number | undefined
  readonly #penalty: number
  readonly #done: Hypothesis[] = []
  #live: readonly Beginning[]

  constructor(first: number, width: number, end: number | undefined, lengthPenalty: number) {
    if (!(lengthPenalty >= 0 && lengthPenalty < Infinity))
      throw new ConfigurationError({
        expected: 'a length penalty that is finite and at least 0',
        got: String(lengthPenalty),
        fix: 'Usual is 0.6; 0 ranks by probability alone.',
      })
    this.#first = first
    this.#width = width
    this.#end = end
    this.#penalty = lengthPenalty
    this.#live = [{ tokens: [], logProbability: 0, row: first }] // initially all rows are the same
  }

  /** Whether every hypothesis has ended. */
  get over(): boolean {
    return this.#live.length === 0
  }

  /** Advances by one token: fills in the next token of each of its rows, and the row whose state it continues. */
  advance({ logProbabilities, next }: Round, parents: Int32Array): void {
    const live: Beginning[] = []
    for (const one of this.#extensions(logProbabilities)) {
      const token = one.tokens.at(-1)!
      if (token === this.#end) {
        this.#done.push(this.#hypothesis(one, true))
        continue
      }
      const row = this.#first + live.length
      parents[row] = one.row
      next[row] = token
      live.push({ ...one, row })
    }
    this.#live = live
  }

  /** All hypotheses, the best first. */
  hypotheses(): readonly Hypothesis[] {
    return [...this.#done, ...this.#live.map((one) => this.#hypothesis(one, false))].sort((a, b) => b.score - a.score)
  }

  /**
   * The most likely continuations, one per free place; ties keep their order. All have the same length, so the penalty
   * does not matter.
   */
  #extensions(logProbabilities: Round['logProbabilities']): readonly Beginning[] {
    const best: Beginning[] = []
    const places = this.#width - this.#done.length
    for (const { tokens, logProbability: before, row } of this.#live)
      logProbabilities(row).forEach((more, token) => {
        const logProbability = before + more
        const least = best.length < places ? -Infinity : best.at(-1)!.logProbability
        if (!(logProbability > least)) return
        const place = best.findIndex((other) => other.logProbability < logProbability)
        best.splice(place < 0 ? best.length : place, 0, { tokens: [...tokens, token], logProbability, row })
        best.length = Math.min(best.length, places)
      })
    return best
  }

  #hypothesis({ tokens, logProbability }: Beginning, ended: boolean): Hypothesis {
    const score = logProbability / ((5 + tokens.length) / 6) ** this.#penalty
    return { tokens: ended ? tokens.slice(0, -1) : tokens, logProbability, score, ended }
  }
}
