import type { Kernel } from '../backend.ts'
import type { MatrixProduct } from '../matrix-product.ts'
import type { Int8View } from './int8-matrix.ts'

/** How products with int8 matrices are computed. */
export interface Int8Products {
  /** What computes them, for `describe`. */
  readonly name: string
  /** Binds out = start + a · b. */
  readonly bind: (product: MatrixProduct, view: Int8View) => Kernel
}

/** The largest integer of an activation: 7 bits, so that sums of two products fit 16 bits on every processor. */
export const mostActivation = 127
/** A row whose values differ by less counts as 0. */
export const leastRange: number = 2 ** -100
/** Added to a float32 below 2^22, it rounds to the nearest integer, ties to even, which the low bits then are. */
export const roundingConstant: number = 1.5 * 2 ** 23

const { fround } = Math

/** One row as integers q: x is about scale · (q - zero). */
export interface Int8Row {
  readonly integers: Int32Array
  scale: number
  zero: number
}

/**
 * Rounds a row to 128 values from its least to its largest, 0 among them. Every operation is rounded to float32, so
 * that all engines give the same integers. A value that is not finite makes the scale NaN, and so the outputs.
 */
const roundRow = (
  row: Int8Row, data: ArrayLike<number>, offset: number, across: number, k: number,
): void => {
  let [low, high, spoiled] = [0, 0, 0]
  for (let l = 0; l < k; l++) {
    const x = fround(data[offset + l * across]!)
    if (x < low) low = x
    if (x > high) high = x
    if (!Number.isFinite(x)) spoiled = Number.NaN
  }
  const range = fround(high - low)
  const perUnit = range < leastRange ? 0 : fround(mostActivation / range)
  const nearest = (x: number): number => fround(fround(x * perUnit) + roundingConstant) - roundingConstant
  row.scale = fround(fround(range / mostActivation) + spoiled)
  row.zero = nearest(-low)
  for (let l = 0; l < k; l++)
    row.integers[l] = Math.min(nearest(fround(data[offset + l * across]!)) + row.zero, mostActivation)
}

/**
 * out = start + a · b for an int8 matrix `b`, with `a` rounded row by row. The reference: integers are added up
 * exactly, so that every other implementation has to give the same bits.
 */
export const int8Product = ({ n, k, m, out, a, start }: MatrixProduct, view: Int8View): Kernel => {
  let [version, weights, scales]: [number, Int8Array, Float32Array] = [-1, new Int8Array(0), new Float32Array(0)]
  const sums = new Float64Array(m)
  const row: Int8Row = { integers: new Int32Array(k), scale: 0, zero: 0 }
  return (step) => {
    if (version !== view.of.version) {
      version = view.of.version
      weights = view.integers()
      scales = view.columnScales()
    }
    for (let i = 0; i < n; i++) {
      roundRow(row, a.data, a.offset + step * a.perStep + i * a.down, a.across, k)
      const { integers, scale, zero } = row
      sums.fill(0)
      for (let l = 0; l < k; l++) {
        const x = integers[l]! - zero
        if (x !== 0) for (let j = 0, w = l * m; j < m; j++, w++) sums[j]! += x * weights[w]!
      }
      const y = out.offset + step * out.perStep + i * out.down
      const s = start && start.offset + step * start.perStep + i * start.down
      for (let j = 0; j < m; j++) {
        const value = fround(fround(sums[j]!) * fround(scale * scales[j]!))
        out.data[y + j * out.across] = start ? start.data[s! + j * start.across]! + value : value
      }
    }
  }
}
