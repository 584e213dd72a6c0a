/**
 * The generator xoroshiro128+ (Blackman and Vigna 2018, with rotations by 24, 16 and 37 bits). Its two words of 64 bits
 * are four integers of 32 bits, the upper half of a word before the lower one.
 */
export class Xoroshiro128Plus {
  #upper0: number
  #lower0: number
  #upper1: number
  #lower1: number

  /** From a saved state. */
  constructor([upper0, lower0, upper1, lower1]: readonly number[]) {
    this.#upper0 = upper0!
    this.#lower0 = lower0!
    this.#upper1 = upper1!
    this.#lower1 = lower1!
  }

  get state(): readonly number[] {
    return [this.#upper0, this.#lower0, this.#upper1, this.#lower1]
  }

  /** The lower half of the next output, a signed integer. */
  next(): number {
    const upper0 = this.#upper0
    const lower0 = this.#lower0
    const upper = this.#upper1 ^ upper0
    const lower = this.#lower1 ^ lower0
    const bits = (lower0 + this.#lower1) | 0
    this.#upper0 = (upper0 << 24) ^ (lower0 >>> 8) ^ upper ^ ((upper << 16) | (lower >>> 16))
    this.#lower0 = (lower0 << 24) ^ (upper0 >>> 8) ^ lower ^ (lower << 16)
    this.#upper1 = (lower << 5) ^ (upper >>> 27)
    this.#lower1 = (upper << 5) ^ (lower >>> 27)
    return bits
  }

  /** A number in [0, 1) of 53 bits: 26 of one output, and 27 of the next. */
  uniform(): number {
    const first = this.next() & 0x3ffffff
    return first * 2 ** -26 + (this.next() & 0x7ffffff) * 2 ** -53
  }
}
