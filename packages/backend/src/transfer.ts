import { copyElements, describeShape, flatten, isContiguous, ShapeError, sizeOf, tensorOver, type Floats, type Tensor } from '@recurra/tensor'

/**
 * Copies numbers into a tensor, in row-major order.
 * @throws `ShapeError` if there are more numbers or fewer.
 */
export const write = (to: Tensor<Floats | Int32Array>, values: ArrayLike<number>): void => {
  if (values.length !== sizeOf(to.shape))
    throw new ShapeError({ where: 'write', expected: `${sizeOf(to.shape)} numbers for shape ${describeShape(to.shape)}`, got: String(values.length), fix: 'Pass a number for every element.' })
  if (to.data.length === 0) return // of a plan that is only measured
  if (isContiguous(to)) to.data.set(values, to.offset) // a loop over arrays of many types would box every number
  else copyElements(tensorOver(Float64Array.from(values), to.shape), to)
}

/** Copies all elements out, in row-major order. */
export const read = (from: Tensor): Floats => {
  if (isContiguous(from)) return from.data.slice(from.offset, from.offset + sizeOf(from.shape))
  return (from.data instanceof Float64Array ? Float64Array : Float32Array).from(flatten(from))
}
