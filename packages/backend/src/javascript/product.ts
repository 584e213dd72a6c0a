import type { Kernel } from '../backend.ts'
import { sumBlock, type Matrix, type MatrixProduct } from '../matrix-product.ts'

/** What sums start from without a bias or `accumulate`. */
const nothing: Matrix = { data: new Float64Array(1), offset: 0, perStep: 0, down: 0, across: 0 }

/**
 * out = start + a · b in tiles of 2 x 4 sums held in registers (measured best of seven tiles on V8, with 3 x 3); sums
 * are float64; a sum that is continued takes `sumBlock` terms at a time. Sums are never passed to functions: a call
 * that is not inlined boxes its numbers on the heap.
 */
export const product = ({ n, k, m, out, a, b, start = nothing }: MatrixProduct): Kernel =>
  start === out && k > sumBlock
    ? (step) => {
        for (let l = 0; l < k; l += sumBlock) multiply(out, a, b, start, step, n, l, Math.min(k, l + sumBlock), m)
      }
    : (step) => multiply(out, a, b, start, step, n, 0, k, m)

const multiply = (
  out: Matrix,
  a: Matrix,
  b: Matrix,
  start: Matrix,
  step: number,
  n: number,
  from: number,
  to: number,
  m: number,
): void => {
  const A = a.data,
    B = b.data,
    S = start.data,
    Y = out.data
  const a0 = a.offset + step * a.perStep + from * a.across,
    b0 = b.offset + step * b.perStep + from * b.down,
    f0 = start.offset + step * start.perStep,
    y0 = out.offset + step * out.perStep
  const f1 = start.across,
    f2 = 2 * f1,
    f3 = 3 * f1,
    y1 = out.across,
    y2 = 2 * y1,
    y3 = 3 * y1
  const wide = m - (m % 4),
    tall = n - (n % 2)
  for (let j = 0; j < wide; j += 4) {
    for (let i = 0; i < tall; i += 2) {
      let p = a0 + i * a.down
      const below = a.down
      let q = b0 + j * b.across
      const b1 = b.across,
        b2 = 2 * b1,
        b3 = 3 * b1
      let s00 = 0,
        s01 = 0,
        s02 = 0,
        s03 = 0,
        s10 = 0,
        s11 = 0,
        s12 = 0,
        s13 = 0
      for (let l = from; l < to; l++, p += a.across, q += b.down) {
        const x = A[p]!,
          z = A[p + below]!
        const w0 = B[q]!,
          w1 = B[q + b1]!,
          w2 = B[q + b2]!,
          w3 = B[q + b3]!
        s00 += x * w0
        s01 += x * w1
        s02 += x * w2
        s03 += x * w3
        s10 += z * w0
        s11 += z * w1
        s12 += z * w2
        s13 += z * w3
      }
      const f = f0 + i * start.down + j * f1,
        g = f + start.down
      const y = y0 + i * out.down + j * y1,
        z = y + out.down
      Y[y] = S[f]! + s00
      Y[y + y1] = S[f + f1]! + s01
      Y[y + y2] = S[f + f2]! + s02
      Y[y + y3] = S[f + f3]! + s03
      Y[z] = S[g]! + s10
      Y[z + y1] = S[g + f1]! + s11
      Y[z + y2] = S[g + f2]! + s12
      Y[z + y3] = S[g + f3]! + s13
    }
    for (let i = tall; i < n; i++) {
      let p = a0 + i * a.down
      let q = b0 + j * b.across
      const b1 = b.across,
        b2 = 2 * b1,
        b3 = 3 * b1
      let s0 = 0,
        s1 = 0,
        s2 = 0,
        s3 = 0
      for (let l = from; l < to; l++, p += a.across, q += b.down) {
        const x = A[p]!
        s0 += x * B[q]!
        s1 += x * B[q + b1]!
        s2 += x * B[q + b2]!
        s3 += x * B[q + b3]!
      }
      const f = f0 + i * start.down + j * f1
      const y = y0 + i * out.down + j * y1
      Y[y] = S[f]! + s0
      Y[y + y1] = S[f + f1]! + s1
      Y[y + y2] = S[f + f2]! + s2
      Y[y + y3] = S[f + f3]! + s3
    }
  }
  for (let j = wide; j < m; j++)
    for (let i = 0; i < n; i++) {
      let p = a0 + i * a.down,
        q = b0 + j * b.across,
        s = 0
      for (let l = from; l < to; l++, p += a.across, q += b.down) s += A[p]! * B[q]!
      Y[y0 + i * out.down + j * y1] = S[f0 + i * start.down + j * f1]! + s
    }
}
