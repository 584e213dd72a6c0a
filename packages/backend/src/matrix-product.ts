import { at, describeShape, ShapeError, swapTimeAndBatch, type Floats, type Tensor } from '@recurra/tensor'
import type { BatchedProductOf, ProductOf } from './product-of.ts'

/**
 * Sums over many rows add up this many rows at a time, counted from the first, and then add the result to the sum so
 * far: shorter sums round less. A sum that is continued after a multiple of that many rows therefore has the same bits
 * as one over all rows at once; `accumulate` of products and of sums over rows continues one.
 */
export const sumBlock = 16

/** A matrix anywhere in memory. Its strides are in elements; a transposed view swaps them. */
export interface Matrix {
  /** The memory. */
  readonly data: Floats
  /** The position of its first element. */
  readonly offset: number
  /** From one step to the next; 0 if it is the same at every step. */
  readonly perStep: number
  /** From one row to the next. */
  readonly down: number
  /** From one column to the next. */
  readonly across: number
}

/** out = start + a · b: out [n, m], a [n, k], b [k, m]. */
export interface MatrixProduct {
  /** Rows of `out` and `a`. */
  readonly n: number
  /** Columns of `a`, rows of `b`. */
  readonly k: number
  /** Columns of `out` and `b`. */
  readonly m: number
  /** The number of steps. */
  readonly steps: number
  /** [n, m] */
  readonly out: Matrix
  /** [n, k] */
  readonly a: Matrix
  /** [k, m] */
  readonly b: Matrix
  /** What the sums start from: `out` itself, a bias (the same for every row), or nothing, which is 0. */
  readonly start: Matrix | undefined
}

const fault = (
  where: string,
  expected: string,
  got: string,
  fix = 'Check the sizes, or pass a transposed view.',
): ShapeError => new ShapeError({ where: `matmul ${where}`.trim(), expected, got, fix })

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

/**
 * Checks that the operands fit together, and finds their places in memory.
 * @throws `ShapeError` if they do not.
 */
export const matrixProductOf = ({ out: y, a: x, b: w, accumulate, bias }: ProductOf): MatrixProduct => {
  const [out, a, b] = [matrixOf(y, 'out'), matrixOf(x, 'a'), matrixOf(w, 'b')]
  const [n, k] = a.shape as [number, number]
  const m = b.shape[1]!
  if (b.shape[0] !== k || out.shape[0] !== n || out.shape[1] !== m)
    throw fault('', 'out [n, m] = a [n, k] · b [k, m]', [out, a, b].map(({ shape }) => describeShape(shape)).join(', '))
  if (bias && accumulate) throw fault('bias', 'a bias or to accumulate', 'both')
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== m))
    throw fault('bias', `shape [${m}]`, describeShape(bias.shape))
  const row = bias && { data: bias.data, offset: bias.offset, perStep: 0, down: 0, across: bias.stride[0]! }
  const steps = Math.max(...[y, x, w].map(({ shape }) => (shape.length === 3 ? shape[0]! : 1)))
  return { n, k, m, steps, out, a, b, start: accumulate ? out : row }
}

/**
 * Checks a product whose `b` is packed once, for all steps.
 * @throws `ShapeError` if there is a `b` per step, or the sizes do not match.
 */
export const packedProductOf = (operands: ProductOf): MatrixProduct => {
  if (operands.b.shape.length > 2)
    throw fault('b', 'the same matrix at every step', describeShape(operands.b.shape), 'Use matmul.')
  return matrixProductOf(operands)
}

/**
 * The products of the groups, one by one.
 * @throws `ShapeError` if the operands differ in the number of groups, or the sizes do not match.
 */
export const groupsOf = ({ out, a, b, bias, accumulate }: BatchedProductOf): readonly MatrixProduct[] => {
  const matrices = { out, a, b }
  const groups = out.shape.at(-3)
  for (const [name, { shape }] of Object.entries(matrices))
    if ((shape.length !== 3 && shape.length !== 4) || shape.at(-3) !== groups)
      throw fault(name, `matrices for each of ${groups ?? 'some'} groups`, describeShape(shape), perGroup)
  if (bias?.shape.length === 2 && bias.shape[0] !== groups)
    throw fault('bias', `one bias for all groups, or one for each of ${groups}`, describeShape(bias.shape), perGroup)
  if (groups! > 1 && out.stride.at(-3) === 0)
    throw fault('out', 'memory of its own for each group', `strides ${describeShape(out.stride)}`, perGroup)
  const of = (x: Tensor, g: number): Tensor => at(x.shape.length === 3 ? x : swapTimeAndBatch(x), g)
  return Array.from({ length: groups! }, (_, g) =>
    matrixProductOf({
      out: of(out, g),
      a: of(a, g),
      b: of(b, g),
      ...(accumulate !== undefined && { accumulate }),
      ...(bias && { bias: bias.shape.length === 2 ? at(bias, g) : bias }),
    }),
  )
}

const perGroup = 'Give every operand an axis for groups, before its rows.'
