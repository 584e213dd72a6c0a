import { f32x4, v128, type V128 } from '../../assembler/index.ts'
import type { Arithmetic } from '../arithmetic.ts'
import { exp } from './exponential.ts'

/** Where one form replaces the other. */
const border = 0.925
// (erf(x) - x) / x as a polynomial of x², |x| <= border, with the least relative error of the function: 2⁻³¹
const near = [
  0.12837916612625122, -0.37612631916999817, 0.11283687502145767, -0.026858940720558167, 0.00519990548491478,
  -0.0008130001369863749, 8.316733874380589e-05,
]
// log(1 - erf(x)) / x + 1 on border <= x <= 4, where the function is 1 in float32, likewise: 2⁻³⁰
const far = [
  -0.12863707542419434, -0.6351980566978455, -0.1061590388417244, 0.023694554343819618, -0.0036103366874158382,
  0.000314856821205467, -1.0432984709041193e-05,
]

const polynomial = (a: Arithmetic, x: V128, coefficients: readonly number[]): V128 =>
  coefficients
    .slice(0, -1)
    .reduceRight((sum, c) => a.multiplyAdd(sum, x, a.constant(c)), a.constant(coefficients.at(-1)!))

/** x + x·p(x²) near 0; 1 - exp(x·q(x) - x) of |x| with the sign of x beyond. */
export const erf = (a: Arithmetic, argument: V128): V128 => {
  const x = a.keep(argument)
  const size = a.keep(v128.andNot(x, a.constant(-0)))
  const square = a.keep(f32x4.mul(x, x))
  const small = a.keep(a.multiplyAdd(polynomial(a, square, near), x, x))
  const t = a.keep(f32x4.pseudoMin(size, a.constant(4)))
  const exponent = a.keep(a.multiplySub(t, a.constant(1), f32x4.mul(polynomial(a, t, far), t)))
  const large = f32x4.sub(a.constant(1), exp(a, exponent))
  const signed = v128.or(large, v128.and(x, a.constant(-0)))
  return v128.select(signed, small, f32x4.greater(size, a.constant(border)))
}
