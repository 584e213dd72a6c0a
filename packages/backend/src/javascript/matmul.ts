import { describeShape, ShapeError, type Floats, type Tensor } from '@recurra/tensor'
import type { Product, ProductOf } from '../backend.ts'

/** A matrix anywhere in memory; the strides say which way round it lies. */
interface Matrix {
  readonly data: Floats
  readonly offset: number
  readonly perStep: number
  readonly down: number // from one row to the next
  readonly across: number // from one column to the next
  readonly shape: readonly [rows: number, columns: number]
}

const matrixOf = (x: Tensor, name: string): Matrix => {
  const stepped = x.shape.length - 2
  if (stepped !== 0 && stepped !== 1)
    throw new ShapeError({ where: `matmul ${name}`, expected: 'a matrix, or one per step', got: describeShape(x.shape), fix: 'Use asRows to see a tensor as rows.' })
  const [down, across] = x.stride.slice(stepped) as [number, number]
  const shape = x.shape.slice(stepped) as [number, number]
  return { data: x.data, offset: x.offset, perStep: stepped ? x.stride[0]! : 0, down, across, shape }
}

/** out (+)= a · b in tiles of 2 x 4 sums held in registers (measured best of seven tiles on V8, with 3 x 3); sums are float64. */
export const matmul = (operands: ProductOf): Product => {
  const out = matrixOf(operands.out, 'out')
  const a = matrixOf(operands.a, 'a')
  const b = matrixOf(operands.b, 'b')
  const [n, k] = a.shape
  const m = b.shape[1]
  if (b.shape[0] !== k || out.shape[0] !== n || out.shape[1] !== m)
    throw new ShapeError({
      where: 'matmul',
      expected: 'out [n, m] = a [n, k] · b [k, m]',
      got: `${describeShape(out.shape)} = ${describeShape(a.shape)} · ${describeShape(b.shape)}`,
      fix: 'Check the sizes, or pass a transposed view.',
    })
  const keep = operands.accumulate ? 1 : 0
  return { prepare: () => {}, run: (step) => multiply(out, a, b, step, n, k, m, keep) }
}

const multiply = (out: Matrix, a: Matrix, b: Matrix, step: number, n: number, k: number, m: number, keep: number): void => {
  const A = a.data, B = b.data, Y = out.data
  const { down, across } = out
  const a0 = a.offset + step * a.perStep, b0 = b.offset + step * b.perStep, y0 = out.offset + step * out.perStep
  const wide = m - (m % 4), tall = n - (n % 2)
  for (let j = 0; j < wide; j += 4) {
    for (let i = 0; i < tall; i += 2) {
      let p = a0 + i * a.down
      const below = a.down
      let q = b0 + j * b.across
      const b1 = b.across, b2 = 2 * b1, b3 = 3 * b1
      let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0
      for (let l = 0; l < k; l++, p += a.across, q += b.down) {
        const x = A[p]!, z = A[p + below]!
        const w0 = B[q]!, w1 = B[q + b1]!, w2 = B[q + b2]!, w3 = B[q + b3]!
        s00 += x * w0; s01 += x * w1; s02 += x * w2; s03 += x * w3
        s10 += z * w0; s11 += z * w1; s12 += z * w2; s13 += z * w3
      }
      const y = y0 + i * down + j * across, z = y + down
      put(Y, y, s00, keep); put(Y, y + across, s01, keep); put(Y, y + 2 * across, s02, keep); put(Y, y + 3 * across, s03, keep)
      put(Y, z, s10, keep); put(Y, z + across, s11, keep); put(Y, z + 2 * across, s12, keep); put(Y, z + 3 * across, s13, keep)
    }
    for (let i = tall; i < n; i++) {
      let p = a0 + i * a.down
      let q = b0 + j * b.across
      const b1 = b.across, b2 = 2 * b1, b3 = 3 * b1
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0
      for (let l = 0; l < k; l++, p += a.across, q += b.down) {
        const x = A[p]!
        s0 += x * B[q]!; s1 += x * B[q + b1]!; s2 += x * B[q + b2]!; s3 += x * B[q + b3]!
      }
      const y = y0 + i * down + j * across
      put(Y, y, s0, keep); put(Y, y + across, s1, keep); put(Y, y + 2 * across, s2, keep); put(Y, y + 3 * across, s3, keep)
    }
  }
  for (let j = wide; j < m; j++)
    for (let i = 0; i < n; i++) {
      let p = a0 + i * a.down, q = b0 + j * b.across, s = 0
      for (let l = 0; l < k; l++, p += a.across, q += b.down) s += A[p]! * B[q]!
      put(Y, y0 + i * down + j * across, s, keep)
    }
}

const put = (y: Floats, at: number, sum: number, keep: number): void => {
  y[at] = keep ? y[at]! + sum : sum
}
