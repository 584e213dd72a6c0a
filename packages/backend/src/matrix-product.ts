import { describeShape, ShapeError, type Floats, type Tensor } from '@recurra/tensor'
import type { ProductOf } from './backend.ts'

/** A matrix anywhere in memory; the strides, in elements, say which way round it lies. */
export interface Matrix {
  readonly data: Floats
  readonly offset: number
  readonly perStep: number
  readonly down: number // from one row to the next
  readonly across: number // from one column to the next
}

/** out = start + a · b: out [n, m], a [n, k], b [k, m]. */
export interface MatrixProduct {
  readonly n: number
  readonly k: number
  readonly m: number
  /** For how many steps it is meant. */
  readonly steps: number
  readonly out: Matrix
  readonly a: Matrix
  readonly b: Matrix
  /** What the sums start from: `out` itself, a bias (the same for every row), or nothing, which is 0. */
  readonly start: Matrix | undefined
}

const fault = (where: string, expected: string, got: string): ShapeError =>
  new ShapeError({ where: `matmul ${where}`.trim(), expected, got, fix: 'Check the sizes, or pass a transposed view.' })

const matrixOf = (x: Tensor, name: string): Matrix & { readonly shape: readonly number[] } => {
  const stepped = x.shape.length - 2
  if (stepped !== 0 && stepped !== 1) throw fault(name, 'a matrix, or one per step', describeShape(x.shape))
  const [down, across] = x.stride.slice(stepped) as [number, number]
  return {
    data: x.data,
    offset: x.offset,
    perStep: stepped ? x.stride[0]! : 0,
    down,
    across,
    shape: x.shape.slice(stepped),
  }
}

/** Checks that the operands fit together, and finds where they lie. */
export const matrixProductOf = ({ out: y, a: x, b: w, accumulate, bias }: ProductOf): MatrixProduct => {
  const [out, a, b] = [matrixOf(y, 'out'), matrixOf(x, 'a'), matrixOf(w, 'b')]
  const [n, k] = a.shape as [number, number]
  const m = b.shape[1]!
  if (b.shape[0] !== k || out.shape[0] !== n || out.shape[1] !== m)
    throw fault('', 'out [n, m] = a [n, k] · b [k, m]', [out, a, b].map(({ shape }) => describeShape(shape)).join(', '))
  if (b.perStep) throw fault('b', 'the same matrix at every step', describeShape(w.shape))
  if (bias && accumulate) throw fault('bias', 'a bias or to accumulate', 'both')
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== m))
    throw fault('bias', `shape [${m}]`, describeShape(bias.shape))
  const row = bias && { data: bias.data, offset: bias.offset, perStep: 0, down: 0, across: bias.stride[0]! }
  const steps = Math.max(...[y, x].map(({ shape }) => (shape.length === 3 ? shape[0]! : 1)))
  return { n, k, m, steps, out, a, b, start: accumulate ? out : row }
}
