const halfLife = 60 // rows, after which an error counts half
const smoothing = 1 - 2 ** (-1 / halfLife)
const enough = 20 // errors, from which a mean can be told from chance
const standardErrors = 2 // that a mean must exceed

/**
 * How far forecasts from one distance have been off of late: an exponentially weighted mean of their errors, shrunk by
 * Breiman's garrote (1995), `mean · (1 - (2 · standard error / mean)²)`, so that it is 0 unless it exceeds two
 * standard errors. Forecasts `ahead` rows ahead share all but one of the rows between them: as many errors count as
 * one.
 */
export class RecentBias {
  readonly #ahead: number
  #count = 0
  #mean = 0
  #square = 0

  constructor(ahead: number) {
    this.#ahead = ahead
  }

  /** Takes what came less what was forecast. */
  add(error: number): void {
    const weight = Math.max(smoothing, 1 / ++this.#count)
    this.#mean += weight * (error - this.#mean)
    this.#square += weight * (error ** 2 - this.#square)
  }

  /** What is to be added to the next forecast. */
  get value(): number {
    if (this.#count < enough || this.#mean === 0) return 0
    const independent = Math.max(smoothing / (2 - smoothing), 1 / this.#count)
    const noise = standardErrors ** 2 * this.#square * independent * this.#ahead
    return this.#mean * Math.max(0, 1 - noise / this.#mean ** 2)
  }
}
