/*
 * After s_erf.c of fdlibm: Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved. Permission to use, copy,
 * modify, and distribute this software is freely granted, provided that this notice is preserved.
 */

/** a₀ + a₁x + a₂x² + … by Horner's rule. */
const polynomial = (x: number, a: readonly number[]): number => {
  let sum = 0
  for (let i = a.length - 1; i >= 0; i--) sum = sum * x + a[i]!
  return sum
}

// erf(x) = x + x · p/q of x², below 0.84375
const nearP = [
  1.28379167095512558561e-1, -3.25042107247001499370e-1, -2.84817495755985104766e-2, -5.77027029648944159157e-3,
  -2.37630166566501626084e-5,
]
const nearQ = [
  1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3, 1.32494738004321644526e-4,
  -3.96022827877536812320e-6,
]
// erf(x) = atOne + p/q of |x| - 1, below 1.25
const atOne = 8.45062911510467529297e-1
const middleP = [
  -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1, 3.18346619901161753674e-1,
  -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.16637559486879084300e-3,
]
const middleQ = [
  1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2, 1.26171219808761642112e-1,
  1.36370839120290507362e-2, 1.19844998467991074170e-2,
]
// erf(x) = 1 - exp(-x² - 0.5625 + r/s of 1/x²) / x, below 1 / 0.35 and beyond
const farR = [
  -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1, -6.23753324503260060396e1,
  -1.62396669462573470355e2, -1.84605092906711035994e2, -8.12874355063065934246e1, -9.81432934416914548592,
]
const farS = [
  1, 1.96512716674392571292e1, 1.37657754143519042600e2, 4.34565877475229228821e2, 6.45387271733267880336e2,
  4.29008140027567833386e2, 1.08635005541779435134e2, 6.57024977031928170135, -6.04244152148580987438e-2,
]
const beyondR = [
  -9.86494292470009928597e-3, -7.99283237680523006574e-1, -1.77579549177547519889e1, -1.60636384855821916062e2,
  -6.37566443368389627722e2, -1.02509513161107724954e3, -4.83519191608651397019e2,
]
const beyondS = [
  1, 3.03380607434824582924e1, 3.25792512996573918826e2, 1.53672958608443695994e3, 3.19985821950859553908e3,
  2.55305040643316442583e3, 4.74528541206955367215e2, -2.24409524465858183362e1,
]

/**
 * The error function 2/√π ∫₀ˣ exp(-t²) dt, which `Math` does not have, within a unit in the last place or two.
 *
 * ```ts
 * import { errorFunction } from '@recurra/formula'
 *
 * console.log(errorFunction(0.5).toFixed(9)) // 0.520499878
 * ```
 */
export const errorFunction = (x: number): number => {
  const size = Math.abs(x)
  if (size < 0.84375) return x + x * (polynomial(x * x, nearP) / polynomial(x * x, nearQ))
  if (!(size < 6)) return size >= 6 ? Math.sign(x) : NaN
  if (size < 1.25) return Math.sign(x) * (atOne + polynomial(size - 1, middleP) / polynomial(size - 1, middleQ))
  const s = 1 / (x * x)
  const ratio =
    size < 1 / 0.35 ? polynomial(s, farR) / polynomial(s, farS) : polynomial(s, beyondR) / polynomial(s, beyondS)
  return Math.sign(x) * (1 - Math.exp(-x * x - 0.5625 + ratio) / size)
}
