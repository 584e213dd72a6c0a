import { copyElements, flatten, isContiguous, sizeOf, tensorOver, type Floats, type Tensor } from '@recurra/tensor'

/** Copies numbers into a tensor, in row-major order. */
export const write = (to: Tensor<Floats | Int32Array>, values: ArrayLike<number>): void => {
  if (!isContiguous(to)) return copyElements(tensorOver(Float64Array.from(values), to.shape), to)
  const { data, offset } = to
  for (let i = 0; i < values.length; i++) data[offset + i] = values[i]!
}

/** Copies all elements out, in row-major order. */
export const read = (from: Tensor): Floats => {
  if (isContiguous(from)) return from.data.slice(from.offset, from.offset + sizeOf(from.shape))
  return (from.data instanceof Float64Array ? Float64Array : Float32Array).from(flatten(from))
}
