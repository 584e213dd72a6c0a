const rate = 0.1 // of the logarithm of the width, for an interval that should never miss

/**
 * What the width of intervals is multiplied by so that the share of rows within them comes to what it should be: each
 * row outside widens the next interval, each row inside narrows it a little, and both are in balance at that share.
 * This is the quantile tracking of Angelopoulos, Candès & Tibshirani (2023), on the logarithm of the width. Whatever
 * the series does, the share after n rows is off by the change of the logarithm over `0.1 · n`.
 */
export class IntervalWidth {
  readonly #share: number
  #log = 0

  /** `share` is that of rows that should lie within. */
  constructor(share: number) {
    this.#share = share
  }

  /** Takes whether a row lay within its interval. */
  add(within: boolean): void {
    this.#log += rate * (within ? this.#share - 1 : this.#share)
  }

  get value(): number {
    return Math.exp(this.#log)
  }
}
