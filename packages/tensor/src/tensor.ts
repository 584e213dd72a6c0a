/** Single precision (the default, 7 digits), or double (16 digits, for gradient checks and exact comparison). */
export type DType = 'float32' | 'float64'
/** A typed array of real numbers. */
export type Floats = Float32Array | Float64Array

/**
 * Strided memory: element `(i, j)` is `data[offset + i * stride[0] + j * stride[1]]`.
 *
 * These are the four fields of scijs `ndarray`, so every `NdArray` over a typed array *is* a Tensor and can be passed
 * wherever one is expected; `ndarrayOf` does the reverse. The framework itself uses only the fields, because `ndarray`
 * makes its classes with `new Function`, which a strict content security policy forbids.
 */
export interface Tensor<Data extends Floats | Int32Array = Floats> {
  /** The memory, shared by all views of it. */
  readonly data: Data
  /** The number of elements along each axis. */
  readonly shape: readonly number[]
  /** The distance between neighbors along each axis, in elements. */
  readonly stride: readonly number[]
  /** The position of the first element in `data`. */
  readonly offset: number
}

/** Integers: tokens, class indices, row numbers. */
export type Indices = Tensor<Int32Array>

/** The number of elements of a shape; the empty shape holds one. */
export const sizeOf = (shape: readonly number[]): number => {
  let size = 1
  for (let axis = 0; axis < shape.length; axis++) size *= shape[axis]!
  return size
}

/** Row-major strides: the last axis is contiguous. */
export const stridesOf = (shape: readonly number[]): number[] => {
  const stride = Array.from(shape, () => 1)
  for (let axis = shape.length - 2; axis >= 0; axis--) stride[axis] = stride[axis + 1]! * shape[axis + 1]!
  return stride
}

/** A row-major tensor over existing memory. */
export const tensorOver = <Data extends Floats | Int32Array>(
  data: Data,
  shape: readonly number[],
  offset = 0,
): Tensor<Data> => ({ data, shape, stride: stridesOf(shape), offset })

/** A shape as text: `[32, 10, 4]`. */
export const describeShape = (shape: readonly number[]): string => `[${shape.join(', ')}]`
