import { ShapeError } from './errors.ts'
import { describeShape, sizeOf, type Floats, type Tensor } from './tensor.ts'

/** Calls `visit(position in data)` for every element in row-major order. It allocates, so never call it per step. */
export const forEachPosition = (
  x: Tensor<Floats | Int32Array>,
  visit: (position: number, index: readonly number[]) => void,
): void => {
  const index = x.shape.map(() => 0)
  for (let left = sizeOf(x.shape); left > 0; left--) {
    visit(index.reduce((position, i, axis) => position + i * x.stride[axis]!, x.offset), index)
    for (let axis = index.length - 1; axis >= 0 && ++index[axis]! === x.shape[axis]; axis--) index[axis] = 0
  }
}

/**
 * Copies between two tensors of one shape, whatever their strides and number types.
 * @throws `ShapeError` if their shapes differ.
 */
export const copyElements = (from: Tensor<Floats | Int32Array>, to: Tensor<Floats | Int32Array>): void => {
  expectShape(from, to.shape, 'copy')
  const values: number[] = []
  forEachPosition(from, (position) => values.push(from.data[position]!))
  let next = 0
  forEachPosition(to, (position) => (to.data[position] = values[next++]!))
}

/**
 * Checks a shape, in which `null` stands for any size; `where` is named in the error.
 * @throws `ShapeError` if it is another one.
 */
export const expectShape = (
  x: { readonly shape: readonly number[] },
  shape: readonly (number | null)[],
  where: string,
): void => {
  if (x.shape.length === shape.length && shape.every((n, axis) => n === null || n === x.shape[axis])) return
  throw new ShapeError({
    where,
    expected: `shape [${shape.map((n) => n ?? 'any').join(', ')}]`,
    got: describeShape(x.shape),
    fix: x.shape.length === shape.length ? 'Check the sizes.' : `It should have ${shape.length} axes.`,
  })
}
