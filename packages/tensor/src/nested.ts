import { forEachPosition } from './elements.ts'
import { ShapeError } from './errors.ts'
import { describeShape, type Floats, type Tensor } from './tensor.ts'

/** Numbers in lists in lists, as people type them: `[[1, 2], [3, 4]]`. */
export type Nested = number | readonly Nested[]

/** What can be handed in as data: nested lists, or anything with the four fields of a tensor (an `NdArray`, say). */
export type TensorLike = Nested | Tensor<Floats | Int32Array>

const isTensor = (x: TensorLike): x is Tensor<Floats | Int32Array> => typeof x === 'object' && 'stride' in x

/**
 * The shape of nested lists.
 * @throws `ShapeError` if they are ragged; it says where.
 */
export const nestedShape = (x: Nested, path = ''): number[] => {
  if (typeof x === 'number') return []
  const inner = x.length === 0 ? [] : nestedShape(x[0]!, `${path}[0]`)
  x.forEach((item, i) => {
    const other = nestedShape(item, `${path}[${i}]`)
    if (describeShape(other) !== describeShape(inner))
      throw new ShapeError({
        expected: `every item to have the shape of the first, ${describeShape(inner)}`,
        got: `${describeShape(other)} at ${path}[${i}]`,
        fix: 'Pad the shorter sequences and say how long each is with `lengths`.',
      })
  })
  return [x.length, ...inner]
}

/**
 * The shape of anything that can be handed in as data.
 * @throws `ShapeError` if lists are ragged.
 */
export const shapeOf = (x: TensorLike): readonly number[] => (isTensor(x) ? x.shape : nestedShape(x))

/** The elements in row-major order. */
export const flatten = (x: TensorLike): number[] => {
  const values: number[] = []
  if (isTensor(x)) forEachPosition(x, (position) => values.push(x.data[position]!))
  else if (typeof x === 'number') values.push(x)
  else for (const item of x) for (const value of flatten(item)) values.push(value)
  return values
}

/**
 * Nested lists, the way they print.
 *
 * ```ts
 * import { tensor, toNested } from 'recurra'
 *
 * console.log(toNested(tensor([[1, 2], [3, 4]]).transpose(1, 0))) // [[1, 3], [2, 4]]
 * ```
 */
export const toNested = (x: Tensor<Floats | Int32Array>): Nested => {
  const build = (axis: number, offset: number): Nested =>
    axis === x.shape.length ? x.data[offset]! : Array.from({ length: x.shape[axis]! }, (_, i) => build(axis + 1, offset + i * x.stride[axis]!))
  return build(0, x.offset)
}
