import { ConfigurationError, describeShape, ShapeError, type Floats, type Tensor } from '@recurra/tensor'

/** A matrix of int8 times one float32 per line. Its tensor holds the products, which float32 represents exactly. */
export interface Int8Matrix {
  /** The products of integers and scales, [rows, columns]. */
  readonly tensor: Tensor
  /** The axis that has one scale per index: 1 for the columns (output units), 0 for the rows (of an embedding). */
  readonly axis: 0 | 1
  /** The scale of each line: the distance between neighboring values. */
  readonly scales: Float32Array
  /** How often it was rounded, for copies of its integers. */
  version: number
}

/** The largest integer: -128 is not used, so that a weight and its negative cost the same. */
export const largest = 127

const known = new WeakMap<object, Int8Matrix[]>()

/** The int8 matrices in some memory. */
export const int8MatricesIn = (data: Floats | Int32Array): readonly Int8Matrix[] => known.get(data) ?? []

/** The int8 matrix of a tensor, if it is one. */
export const int8Of = (tensor: Tensor): Int8Matrix | undefined =>
  int8MatricesIn(tensor.data).find((one) => one.tensor.offset === tensor.offset)

const scratch = new DataView(new ArrayBuffer(4))

/**
 * A scale has 17 bits: times an integer of 7 bits it is exact in float32, so that rounding a matrix twice changes
 * nothing.
 */
const scaleFor = (largestValue: number): number => {
  if (!Number.isFinite(largestValue)) return Number.NaN // and so is the line
  scratch.setFloat32(0, largestValue / largest)
  scratch.setInt32(0, (scratch.getInt32(0) + 0x40) & ~0x7f)
  return scratch.getFloat32(0)
}

/** Below this, scales would lose bits. Such a line is rounded to 0. */
const smallest = 2 ** -100

const fault = (where: string, expected: string, got: string): ShapeError =>
  new ShapeError({ where, expected, got, fix: 'Pass a whole parameter with two axes.' })

/** From now on, a tensor is a matrix of int8; `roundToInt8` rounds what it holds. */
export const declareInt8 = (tensor: Tensor, axis: 0 | 1): Int8Matrix => {
  const { shape, stride, data } = tensor
  if (shape.length !== 2 || stride[1] !== 1 || stride[0] !== shape[1])
    throw fault('int8', 'a matrix without gaps', `shape ${describeShape(shape)}, strides ${describeShape(stride)}`)
  const made: Int8Matrix = { tensor, axis, scales: new Float32Array(shape[axis]!), version: 0 }
  known.set(data, [...int8MatricesIn(data), made])
  return made
}

/** Rounds each line to the nearest of 255 values: scale = max |x| / 127, and x = scale · round(x / scale). */
export const roundToInt8 = (matrix: Int8Matrix): void => {
  const { tensor: { data, offset, shape }, axis, scales } = matrix
  matrix.version++
  const [rows, columns] = shape as [number, number]
  const lineOf = (i: number): number => (axis === 1 ? i % columns : Math.floor(i / columns))
  const most = new Float64Array(scales.length)
  for (let i = 0; i < rows * columns; i++) most[lineOf(i)] = Math.max(most[lineOf(i)]!, Math.abs(data[offset + i]!))
  most.forEach((value, line) => (scales[line] = value < smallest ? 0 : scaleFor(value)))
  for (let i = 0; i < rows * columns; i++) {
    const scale = scales[lineOf(i)]!
    data[offset + i] = scale === 0 ? 0 : scale * (Math.round(data[offset + i]! / scale) + 0) // + 0: no -0
  }
}

/** The integers of an int8 matrix, row by row. */
export const integersOf = ({ tensor: { data, offset, shape }, axis, scales }: Int8Matrix): Int8Array =>
  Int8Array.from({ length: shape[0]! * shape[1]! }, (_, i) => {
    const scale = scales[axis === 1 ? i % shape[1]! : Math.floor(i / shape[1]!)]!
    return scale === 0 ? 0 : data[offset + i]! / scale
  })

/** Where a view lies in an int8 matrix, and its integers. */
export interface Int8View {
  readonly of: Int8Matrix
  /** The integers of the view, [k, m] row by row. */
  readonly integers: () => Int8Array
  /** The scale of each column. */
  readonly columnScales: () => Float32Array
}

/** The view of whole or partial columns of an int8 matrix, if a tensor is one: it may be the `b` of an int8 product. */
export const int8ViewOf = (b: Tensor): Int8View | undefined => {
  const [k, m] = b.shape as [number, number]
  for (const of of int8MatricesIn(b.data)) {
    const { tensor: { offset, shape }, axis, scales } = of
    const [rows, columns] = shape as [number, number]
    const from = b.offset - offset
    if (axis !== 1 || b.shape.length !== 2 || from < 0 || from >= rows * columns) continue
    const [row, column] = [Math.floor(from / columns), from % columns]
    const fits = (m === 1 || b.stride[1] === 1) && (k === 1 || b.stride[0] === columns)
    if (!fits || row + k > rows || column + m > columns) return undefined
    const columnScales = (): Float32Array => scales.subarray(column, column + m)
    const integers = (): Int8Array => {
      const own = columnScales()
      return Int8Array.from({ length: k * m }, (_, i) => {
        const j = i % m
        return own[j] === 0 ? 0 : b.data[b.offset + ((i - j) / m) * columns + j]! / own[j]!
      })
    }
    return { of, integers, columnScales }
  }
  return undefined
}

/** The most features of an int8 product: their sum fits 32 bits. */
export const deepest: number = 2 ** 17

/** @throws `ConfigurationError` if a matrix has too many rows for sums of 32 bits. */
export const expectSummable = (rows: number, where: string): void => {
  if (rows <= deepest) return
  throw new ConfigurationError({
    where,
    expected: `at most ${deepest} features, whose products can be added up in 32 bits`,
    got: String(rows),
    fix: 'Keep this parameter in float32.',
  })
}
