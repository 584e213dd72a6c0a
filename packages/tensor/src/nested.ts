import { forEachPosition } from './elements.ts'
import { ConfigurationError, ShapeError } from './errors.ts'
import { isNumberArray, notANumber, type NumberArray } from './numbers.ts'
import { describeShape, sizeOf, type Floats, type Tensor } from './tensor.ts'

/** Numbers in nested lists, as people type them: `[[1, 2], [3, 4]]`. */
export type Nested = number | readonly Nested[]

/**
 * Data for a tensor: nested lists, typed arrays, anything with the four fields of a tensor (such as an `NdArray`), and
 * lists of these.
 */
export type TensorLike = number | NumberArray | Tensor<Floats | Int32Array> | readonly TensorLike[]

/** Whether a value has the fields of a tensor. */
export const isTensor = (x: unknown): x is Tensor<Floats | Int32Array> =>
  typeof x === 'object' && x !== null && 'stride' in x && 'shape' in x && 'data' in x

const isList = (x: unknown): x is readonly TensorLike[] => Array.isArray(x)

const sameShape = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((size, axis) => size === other[axis])

const scalar: readonly number[] = []

/**
 * The shape of any data for a tensor; `where` names it in errors, with the position: `x[3][2]`.
 * @throws `ShapeError` if lists are ragged; the error names the position.
 * @throws `ValueError` if something in them is not a number; the error names the position, and how to make it one.
 */
export const shapeOf = (x: TensorLike, where = ''): readonly number[] => {
  if (typeof x === 'number') return scalar
  if (isNumberArray(x)) return [x.length]
  if (isTensor(x)) return x.shape
  if (!isList(x)) throw notANumber(x, where)
  let first: readonly number[] | undefined
  for (let i = 0; i < x.length; i++) { // not forEach, which skips holes
    const shape = typeof x[i] === 'number' ? scalar : shapeOf(x[i]!, `${where}[${i}]`)
    first ??= shape
    if (!sameShape(shape, first))
      throw new ShapeError({
        expected: `every item to have the shape of the first, ${describeShape(first)}`,
        got: `${describeShape(shape)} at ${where}[${i}]`,
        fix: 'Give all items as many numbers; sequences of different lengths go into sequences({ x, target }).',
      })
  }
  return [x.length, ...(first ?? [])]
}

/**
 * The elements in row-major order; `where` names them in errors.
 * @throws `ConfigurationError` if a tensor is in the memory of a device.
 * @throws `ValueError` if one is not a number; the error names the position, and how to make it one.
 */
export const flatValues = (x: TensorLike, where = ''): number[] => {
  const values: number[] = []
  collect(x, where, values)
  return values
}

const collect = (x: TensorLike, where: string, to: number[]): void => {
  if (typeof x === 'number') to.push(x)
  else if (isNumberArray(x)) for (const value of x) to.push(value)
  else if (isTensor(x)) forEachPosition(expectOnHost(x), (position, index) => {
    const value: unknown = x.data[position]
    if (typeof value !== 'number') throw notANumber(value, `${where}${index.map((i) => `[${i}]`).join('')}`)
    to.push(value)
  })
  else if (isList(x))
    for (let i = 0; i < x.length; i++) { // not for-of: a position is only spelled out where lists are nested
      const item = x[i]
      if (typeof item === 'number') to.push(item)
      else collect(item!, `${where}[${i}]`, to)
    }
  else throw notANumber(x, where)
}

/** A backend may keep the elements of its tensors on a device: then `data` is empty. */
const expectOnHost = <T extends Tensor<Floats | Int32Array>>(x: T): T => {
  if (x.data.length > 0 || sizeOf(x.shape) === 0) return x
  throw new ConfigurationError({
    expected: 'numbers',
    got: 'a tensor in the memory of a device',
    fix: 'Pass its numbers: await backend.readAsync(x).',
  })
}

/**
 * A tensor as nested lists, for printing.
 *
 * ```ts
 * import { tensor, toNested } from 'recurra'
 *
 * console.log(toNested(tensor([[1, 2], [3, 4]]).transpose(1, 0))) // [[1, 3], [2, 4]]
 * ```
 */
export const toNested = (x: Tensor<Floats | Int32Array>): Nested => {
  const build = (axis: number, offset: number): Nested =>
    axis === x.shape.length
      ? x.data[offset]!
      : Array.from({ length: x.shape[axis]! }, (_, i) => build(axis + 1, offset + i * x.stride[axis]!))
  return build(0, x.offset)
}
