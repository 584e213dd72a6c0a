import { load, simd, vector, type Load, type Three, type Two } from './instructions.ts'
import type { I32, V128 } from './value.ts'

// Instructions on small integers: only int8 products need them, so they are apart from the others.

/** Eight int16 at once. */
export const i16x8: Record<'minimum' | 'fromInts', Two> & {
  /** Eight int8, extended. */
  readonly loadInt8: Load<'v128'>
  readonly splat: (a: I32) => V128
} = {
  minimum: vector(0x96), splat: vector(0x10), loadInt8: load(simd(0x01), 'v128'),
  fromInts: vector(0x85), // two i32x4 in one, with saturation
}

/** Two i16x8 as sixteen int8, with saturation. */
export const int8FromShorts: Two = vector(0x65)

/** Eight bytes, twice over. */
export const loadSplatLong: Load<'v128'> = load(simd(0x0a), 'v128')

/** Products of four int32. */
export const multiplyInts: Two = vector(0xb5)

/** Sums of products, in int32. */
export const dot: {
  /** a0 · b0 + a1 · b1 for pairs of int16. */
  readonly pairs: Two
  /** The same in int16 for pairs of an int8 `a` and a `b` of 7 bits, for which it is deterministic. Relaxed SIMD. */
  readonly bytePairs: Two
  /** c + Σ a · b for four of them. Relaxed SIMD. */
  readonly quadruples: Three
} = { pairs: vector(0xba), bytePairs: vector(0x112), quadruples: vector(0x113) }
