import { f32x4, i32, i32x4, v128, type V128 } from '../../assembler/index.ts'
import type { Arithmetic } from '../arithmetic.ts'

const [ln2High, ln2Low] = [0.693359375, -2.1219444e-4] // n times the first is exact
const rootHalf = 0x3f3504f3 // √½ as bits
const largest = 3.4028234663852886e38
const smallestNormal = 1.1754943508222875e-38
// (log(1 + f) - f + f²/2) / f³ on √½ <= 1 + f < √2 (Cephes)
const powers = [
  7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1,
  3.3333331174e-1,
]

const shift = i32.constant(23)
/** The exponent n of x = 2ⁿ m, √½ <= m < √2. */
const exponentOf = (a: Arithmetic, x: V128): V128 => a.keep(i32x4.shiftRight(i32x4.sub(x, a.bits(rootHalf)), shift))
/** m - 1, exactly. */
const fractionOf = (a: Arithmetic, x: V128, n: V128): V128 => f32x4.sub(i32x4.sub(x, i32x4.shiftLeft(n, shift)), a.constant(1))

/** log(1 + f) + n ln 2 */
const sum = (a: Arithmetic, f: V128, n: V128): V128 => {
  const z = a.keep(f32x4.mul(f, f))
  const tail = f32x4.mul(f32x4.mul(a.polynomial(f, powers), f), z)
  const low = a.multiplyAdd(n, a.constant(ln2Low), a.multiplySub(z, a.constant(0.5), tail))
  return a.multiplyAdd(n, a.constant(ln2High), f32x4.add(f, low))
}

/** The logarithm of 0 is -infinity, of a negative number NaN; of infinity and NaN the same. */
const withEnds = (a: Arithmetic, x: V128, log: V128): V128 => {
  const finite = v128.select(x, log, f32x4.greater(x, a.constant(largest)))
  return v128.select(finite, f32x4.add(f32x4.sqrt(x), a.constant(-Infinity)), f32x4.greater(x, a.constant(0)))
}

export const log = (a: Arithmetic, argument: V128): V128 => {
  const x = a.keep(argument)
  // Below the smallest normal number the exponent does not say the size.
  const small = a.keep(f32x4.less(x, a.constant(smallestNormal)))
  const normal = a.keep(v128.select(f32x4.mul(x, a.constant(2 ** 23)), x, small))
  const exponent = exponentOf(a, normal)
  const n = a.keep(f32x4.sub(f32x4.fromInt(exponent), v128.and(small, a.constant(23))))
  return withEnds(a, x, sum(a, a.keep(fractionOf(a, normal, exponent)), n))
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
  const log = withEnds(a, u, sum(a, f, a.keep(f32x4.fromInt(exponent))))
  return v128.or(log, v128.and(x, a.constant(-0))) // -0 stays -0
}
