import { describeValue } from './describe-value.ts'
import { ConfigurationError } from './errors.ts'
import { Xoroshiro128Plus } from './xoroshiro128-plus.ts'

/**
 * Spreads the bits of a seed (the finalizer of MurmurHash3), because small adjacent seeds would start with similar
 * numbers.
 */
const mix = (seed: number): number => {
  let h = seed | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/**
 * ln x for 0 < x < 1, by 2 artanh((x - 1) / (x + 1)): arithmetic rounds the same in all engines; Math.log and Math.cos
 * do not.
 */
const log = (x: number): number => {
  let doublings = 0
  for (; x < Math.SQRT1_2; x *= 2) doublings++
  const s = (x - 1) / (x + 1)
  let series = 0
  for (let n = 21; n > 0; n -= 2) series = series * s * s + 1 / n
  return 2 * s * series - doublings * Math.LN2
}

/**
 * The only source of randomness: same seed, same numbers, on every machine (xoroshiro128+, Blackman and Vigna 2018).
 * Its `state` is four integers, saved with a checkpoint.
 *
 * ```ts
 * import { Random } from 'recurra'
 *
 * const random = new Random(7)
 * const { state } = random
 * const first = random.integer(1000)
 * random.state = state // as when training continues from a checkpoint
 * console.log(random.integer(1000) === first) // true
 * ```
 */
export class Random {
  #generator: Xoroshiro128Plus

  /** @throws `ConfigurationError` if the seed is not an integer. */
  constructor(seed = 1) {
    if (!Number.isSafeInteger(seed))
      throw new ConfigurationError({ expected: 'the seed to be an integer', got: String(seed), fix: 'Use 1, 2, 3, …' })
    const mixed = mix(seed ^ Math.floor(seed / 2 ** 32))
    this.#generator = new Xoroshiro128Plus([-1, ~mixed, mixed, 0])
  }

  /** The state of the generator: four integers. */
  get state(): readonly number[] {
    return this.#generator.state
  }

  /**
   * Restores a saved state.
   * @throws `ConfigurationError` if it is not four integers.
   */
  set state(state: readonly number[]) {
    if (state.length !== 4 || !state.every(Number.isInteger))
      throw new ConfigurationError({
        expected: 'a state of four integers', got: describeValue(state), fix: 'Pass the `state` of a Random.',
      })
    this.#generator = new Xoroshiro128Plus(state)
  }

  /** Uniform in [low, high). */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.#generator.uniform()
  }

  /**
   * Gaussian, by Marsaglia's polar method; the second number of a pair is dropped, so that the state stays four
   * integers.
   */
  normal(mean = 0, deviation = 1): number {
    for (;;) {
      const [x, y] = [this.uniform(-1, 1), this.uniform(-1, 1)]
      const square = x * x + y * y
      if (square > 0 && square < 1) return mean + deviation * x * Math.sqrt((-2 * log(square)) / square)
    }
  }

  /**
   * Fills a list with `hit`, with the given probability, and `miss` elsewhere. One loop draws them all, so that no
   * number is put on the heap.
   */
  bernoulli(into: Float64Array, probability: number, hit = 1, miss = 0): void {
    const generator = this.#generator
    for (let i = 0; i < into.length; i++) into[i] = generator.uniform() < probability ? hit : miss
  }

  /** Advances as if `count` numbers had been drawn by `uniform` or `bernoulli`. */
  skip(count: number): void {
    for (let i = 0; i < count; i++) this.#generator.uniform()
  }

  /** An integer in [0, count). */
  integer(count: number): number {
    return Math.floor(this.uniform() * count)
  }

  /** An index drawn with probability proportional to its weight; an index of weight 0 is never drawn. */
  choice(weights: ArrayLike<number>): number {
    let total = 0
    for (let i = 0; i < weights.length; i++) total += weights[i]!
    let left = this.uniform() * total
    let last = weights.length - 1 // where rounding leaves a remainder
    for (let i = 0; i < weights.length; i++) {
      if ((left -= weights[i]!) < 0) return i
      if (weights[i]! > 0) last = i
    }
    return last
  }

  /** Shuffles a list in place (Fisher-Yates). */
  shuffle<T>(list: T[]): T[] {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.integer(i + 1)
      ;[list[i], list[j]] = [list[j]!, list[i]!]
    }
    return list
  }
}
