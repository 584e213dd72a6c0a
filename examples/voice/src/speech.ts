import { chunk } from './listener.ts'
import { sampleRate } from './wave.ts'

/** Where somebody spoke, in seconds. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Speech begins at the first threshold, and ends where it stays below the second one for so many seconds. */
const [begins, ends, pause] = [0.5, 0.35, 0.3]

/** Finds where speech begins and ends, chunk by chunk. */
export class SpeechFinder {
  #chunks = 0
  #from: number | undefined
  #quietSince: number | undefined

  /** What the next chunk shows: speech began, or has ended. */
  next(probability: number): { readonly began: number } | { readonly ended: Span } | undefined {
    const now = (this.#chunks++ * chunk) / sampleRate
    if (probability >= begins) this.#quietSince = undefined
    if (this.#from === undefined) {
      if (probability < begins) return undefined
      this.#from = now
      return { began: now }
    }
    if (probability < ends) this.#quietSince ??= now
    if (this.#quietSince === undefined || now - this.#quietSince < pause) return undefined
    const ended = { from: this.#from, to: this.#quietSince }
    this.#from = this.#quietSince = undefined
    return { ended }
  }

  /** Speech that goes on at the end. */
  get last(): Span | undefined {
    return this.#from === undefined ? undefined : { from: this.#from, to: (this.#chunks * chunk) / sampleRate }
  }
}
