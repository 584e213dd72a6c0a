import { f32x4, i32x4, v128, type V128 } from '../../assembler/index.ts'
import type { Arithmetic } from '../arithmetic.ts'

const [ln2High, ln2Low] = [0.693359375, -2.1219444e-4] // n times the first is exact
const rootHalf = 0x3f3504f3 // √½ as bits
const smallestNormal = 1.1754943508222875e-38
const [denormalScale, denormalExponent] = [2 ** 23, 23]
// (log(1 + f) - f + f²/2) / f³ on √½ <= 1 + f < √2, with the least relative error of the logarithm: 2⁻²⁷
const [c0, c1, c2, c3, c4, c5, c6, c7] = [
  0.3333333134651184, -0.250008225440979, 0.2000124752521515, -0.16623316705226898, 0.1420140564441681,
  -0.13160324096679688, 0.127635657787323, -0.07636084407567978,
]

const shift = 23
/** The exponent n of x = 2ⁿ m, √½ <= m < √2. */
const exponentOf = (a: Arithmetic, x: V128): V128 => a.keep(i32x4.shiftRight(i32x4.sub(x, a.bits(rootHalf)), shift))
/** m - 1, exactly. */
const fractionOf = (a: Arithmetic, x: V128, n: V128): V128 =>
  f32x4.sub(i32x4.sub(x, i32x4.shiftLeft(n, shift)), a.constant(1))

/** log(1 + f) + n ln 2 */
const sum = (a: Arithmetic, f: V128, n: V128): V128 => {
  const [f2, line] = [
    a.keep(f32x4.mul(f, f)),
    (high: number, low: number) => a.multiplyAdd(f, a.constant(high), a.constant(low)),
  ]
  const f4 = f32x4.mul(f2, f2)
  // In halves rather than by Horner's rule: a shorter dependency chain.
  const cubic = a.multiplyAdd(
    a.multiplyAdd(line(c7, c6), f2, line(c5, c4)),
    f4,
    a.multiplyAdd(line(c3, c2), f2, line(c1, c0)),
  )
  const tail = f32x4.mul(f32x4.mul(cubic, f), f2)
  const low = a.multiplyAdd(n, a.constant(ln2Low), a.multiplySub(f2, a.constant(0.5), tail))
  return a.multiplyAdd(n, a.constant(ln2High), f32x4.add(f, low))
}

/** The term that makes the logarithm -infinity at 0, NaN at negative numbers, and keeps infinity and NaN; else 0. */
const ends = (a: Arithmetic, x: V128): V128 => {
  const [zero, infinity] = [a.constant(0), a.constant(Infinity)]
  const low = v128.or(f32x4.less(x, zero), v128.and(f32x4.equal(x, zero), a.constant(-Infinity))) // all ones are a NaN
  return v128.or(low, v128.andNot(x, f32x4.less(x, infinity)))
}

export const log = (a: Arithmetic, argument: V128): V128 => {
  const x = a.keep(argument)
  // Below the smallest normal number, the exponent no longer gives the magnitude.
  const small = a.keep(f32x4.less(x, a.constant(smallestNormal)))
  const scale = v128.select(a.constant(denormalScale), a.constant(1), small)
  const normal = a.keep(f32x4.mul(x, scale))
  const exponent = exponentOf(a, normal)
  const n = a.keep(f32x4.sub(f32x4.fromInt(exponent), v128.and(small, a.constant(denormalExponent))))
  return f32x4.add(sum(a, a.keep(fractionOf(a, normal, exponent)), n), ends(a, x))
}

/** log(1 + x): what the sum 1 + x loses of x is added to the fraction, as in fdlibm. */
export const log1p = (a: Arithmetic, argument: V128): V128 => {
  const x = a.keep(argument)
  const u = a.keep(f32x4.add(x, a.constant(1)))
  const exponent = exponentOf(a, u)
  // In halves, so that the scale 2¹⁻ⁿ does not leave the range where u is huge.
  const lost = f32x4.mul(f32x4.sub(x, f32x4.sub(u, a.constant(1))), a.constant(0.5))
  const scale = i32x4.sub(a.constant(2), i32x4.shiftLeft(exponent, shift))
  const f = a.keep(a.multiplyAdd(lost, scale, fractionOf(a, u, exponent)))
  const end = a.keep(ends(a, u))
  const finite = v128.and(sum(a, f, a.keep(f32x4.fromInt(exponent))), f32x4.equal(end, a.constant(0)))
  return v128.or(f32x4.add(finite, end), v128.and(x, a.constant(-0))) // -0 stays -0
}
