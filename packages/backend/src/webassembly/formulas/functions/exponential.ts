import { f32x4, i32x4, v128, type V128 } from '../../assembler/index.ts'
import type { Arithmetic } from '../arithmetic.ts'

const log2e = 1.4426950408889634
// ln 2 in two parts: n times the first is exact, because its last bits are 0.
const [ln2High, ln2Low] = [0.693359375, -2.1219444e-4]
/** Adding it rounds to an integer, whose lowest bits are then those of the sum. */
const magic = 12_582_912
// (eʳ - 1 - r) / r² on |r| <= ln 2 / 2, with the least relative error of eʳ: 2⁻²⁸
const [c2, c3, c4, c5, c6] = [0.5, 0.1666654795408249, 0.04166765883564949, 0.00836669560521841, 0.001384473405778408]

/** x = n ln 2 + r: `minusOne` is eʳ - 1, and the low nine bits of `biased` hold n + bias. */
const reduced = (
  a: Arithmetic,
  x: V128,
  bias: number,
  half?: V128,
): { readonly minusOne: V128; readonly biased: V128 } => {
  const turns = half ? ([half, a.constant(2 * log2e)] as const) : ([x, a.constant(log2e)] as const)
  const biased = a.keep(a.multiplyAdd(...turns, a.constant(magic + bias)))
  const n = a.keep(f32x4.sub(biased, a.constant(magic + bias)))
  const r = a.keep(a.multiplySub(n, a.constant(ln2Low), a.multiplySub(n, a.constant(ln2High), x)))
  const square = a.keep(f32x4.mul(r, r))
  // In halves rather than by Horner's rule: as many instructions, but a shorter dependency chain.
  const low = a.multiplyAdd(r, a.constant(c3), a.constant(c2))
  const high = a.multiplyAdd(square, a.constant(c6), a.multiplyAdd(r, a.constant(c5), a.constant(c4)))
  return { minusOne: a.multiplyAdd(a.multiplyAdd(high, square, low), square, r), biased }
}

/** The exponent of a float starts at bit 23, and 127 stands for 2⁰. */
const asExponent = (bits: V128): V128 => i32x4.shiftLeft(bits, 23)
const one = 127

/** eˣ: 0 below -104, infinity above 88.73; 2ⁿ is multiplied in two halves, so that each is a normal number. */
export const exp = (a: Arithmetic, x: V128): V128 => {
  const { minusOne, biased } = reduced(a, a.keep(a.clamp(x, -104, 89)), 2 * one)
  const half = a.keep(i32x4.shiftRight(biased, 1))
  const scaled = f32x4.mul(f32x4.add(minusOne, a.constant(1)), asExponent(half))
  return f32x4.mul(scaled, asExponent(i32x4.sub(biased, half)))
}

/**
 * eˣ - 1: with n = a + b it is ((eʳ - 1) · 2ᵃ + (2ᵃ - 2⁻ᵇ)) · 2ᵇ, where the subtracted term is exact, and 0 where n is
 * 0.
 */
export const expm1 = (a: Arithmetic, x: V128): V128 => {
  const { minusOne, biased } = reduced(a, a.keep(a.clamp(x, -20, 89)), 2 * one)
  const half = a.keep(i32x4.shiftRight(biased, 1))
  const other = a.keep(i32x4.sub(biased, half))
  const power = a.keep(asExponent(half))
  const less = asExponent(i32x4.sub(a.bits(2 * one), other))
  return f32x4.mul(a.multiplyAdd(minusOne, power, f32x4.sub(power, less)), asExponent(other))
}

/** eˣ / (1 + eˣ); eˣ is scaled by 2⁶⁴ on the way, so that 2ⁿ is a normal number also where eˣ is not. */
export const sigmoid = (a: Arithmetic, x: V128): V128 => {
  const { minusOne, biased } = reduced(a, a.keep(a.clamp(x, -104, 43)), one + 64)
  const scaled = f32x4.mul(f32x4.add(minusOne, a.constant(1)), asExponent(biased))
  const power = a.keep(f32x4.mul(scaled, a.constant(2 ** -64)))
  return f32x4.div(power, f32x4.add(power, a.constant(1)))
}

/** (e²ˣ - 1) / (e²ˣ + 1) of |x|, where the numerator keeps its digits near 0, with the sign of x. */
export const tanh = (a: Arithmetic, argument: V128): V128 => {
  const x = a.keep(argument)
  const size = a.keep(f32x4.pseudoMin(v128.andNot(x, a.constant(-0)), a.constant(9.05)))
  const { minusOne, biased } = reduced(a, a.keep(f32x4.add(size, size)), one, size)
  const power = a.keep(asExponent(biased))
  const e = a.keep(a.multiplyAdd(power, minusOne, f32x4.sub(power, a.constant(1))))
  return v128.or(f32x4.div(e, f32x4.add(e, a.constant(2))), v128.and(x, a.constant(-0)))
}
