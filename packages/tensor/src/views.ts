import { ShapeError } from './errors.ts'
import { describeShape, sizeOf, stridesOf, type Floats, type Tensor } from './tensor.ts'

/** Elements `[from, to)` along one axis; shares memory. */
export const slice = <D extends Floats | Int32Array>(
  x: Tensor<D>,
  axis: number,
  from: number,
  to: number,
): Tensor<D> => ({
  data: x.data,
  shape: x.shape.map((n, k) => (k === axis ? to - from : n)),
  stride: x.stride,
  offset: x.offset + from * x.stride[axis]!,
})

/** Rows `[from, to)` of the first axis; shares memory. */
export const rows = <D extends Floats | Int32Array>(x: Tensor<D>, from: number, to: number): Tensor<D> =>
  slice(x, 0, from, to)

/**
 * The rows of the first axis from the last to the first; shares memory. Sums over the steps of sequences, such as the
 * gradient of a weight, take their rows in this order, in which a backward pass arrives at them: if it cuts the
 * sequences into segments, every sum is still added up in the same order.
 */
export const reversed = <D extends Floats | Int32Array>(x: Tensor<D>): Tensor<D> => {
  const [count, ...others] = x.shape as [number, ...number[]]
  const [perRow, ...along] = x.stride as [number, ...number[]]
  const offset = x.offset + (count - 1) * perRow
  return { data: x.data, shape: [count, ...others], stride: [-perRow, ...along], offset }
}

/** Columns `[from, to)` of the last axis, e.g. one gate of `[i | f | g | o]`; shares memory. */
export const columns = <D extends Floats | Int32Array>(x: Tensor<D>, from: number, to: number): Tensor<D> =>
  slice(x, x.shape.length - 1, from, to)

/**
 * Position `at` of the first axis, which is dropped: `[time, batch, features]` -> `[batch, features]`; shares memory.
 */
export const at = <D extends Floats | Int32Array>(x: Tensor<D>, position: number): Tensor<D> => ({
  data: x.data,
  shape: x.shape.slice(1),
  stride: x.stride.slice(1),
  offset: x.offset + position * x.stride[0]!,
})

/** The same memory with other axes; the caller must ensure that they stay within the memory. */
export const viewOf = <D extends Floats | Int32Array>(
  { data }: Tensor<D>,
  shape: readonly number[],
  stride: readonly number[],
  offset: number,
): Tensor<D> => ({ data, shape, stride, offset })

/** Whether a tensor holds tokens or indices rather than features. */
export const isIndices = (x: Tensor<Floats | Int32Array>): x is Tensor<Int32Array> => x.data instanceof Int32Array

/** Whether the elements are contiguous, without gaps. */
export const isContiguous = ({ shape, stride }: Tensor<Floats | Int32Array>): boolean => {
  for (let axis = shape.length - 1, reach = 1; axis >= 0; reach *= shape[axis--]!)
    if (shape[axis]! > 1 && stride[axis] !== reach) return false
  return true
}

/**
 * The same memory under another shape: `[time, batch, features]` <-> `[time * batch, features]`.
 * @throws `ShapeError` if the number of elements differs, or there are gaps between them.
 */
export const reshape = <D extends Floats | Int32Array>(x: Tensor<D>, shape: readonly number[]): Tensor<D> => {
  if (sizeOf(shape) !== sizeOf(x.shape) || !isContiguous(x))
    throw new ShapeError({
      expected: `a contiguous tensor of ${sizeOf(shape)} elements for shape ${describeShape(shape)}`,
      got: `shape ${describeShape(x.shape)} with strides ${describeShape(x.stride)}`,
      fix: 'Reshape only whole tensors, or copy the view first.',
    })
  return { data: x.data, shape, stride: stridesOf(shape), offset: x.offset }
}

/**
 * Flattens all axes but the last into rows: `[time, batch, features]` -> `[time * batch, features]`. There may be gaps
 * between rows, but all of one size.
 * @throws `ShapeError` if the rows do not follow one another at one distance, as in a view of every second step.
 */
export const asRows = <D extends Floats | Int32Array>(x: Tensor<D>): Tensor<D> => {
  const width = x.shape.at(-1)!
  const count = sizeOf(x.shape.slice(0, -1))
  const axes = x.shape.flatMap((size, axis) => (size === 1 || axis === x.shape.length - 1 ? [] : [axis]))
  const stride = axes.length > 0 ? x.stride[axes.at(-1)!]! : width
  if (axes.some((axis, i) => i > 0 && x.stride[axes[i - 1]!] !== x.shape[axis]! * x.stride[axis]!))
    throw new ShapeError({
      expected: `rows at one distance for shape ${describeShape([count, width])}`,
      got: `shape ${describeShape(x.shape)} with strides ${describeShape(x.stride)}`,
      fix: 'Copy the view first, or work on its axes one by one.',
    })
  return { data: x.data, shape: [count, width], stride: [stride, x.stride.at(-1)!], offset: x.offset }
}

/** The transposed matrix, or with more than two axes the transpose of every matrix; shares memory. */
export const transposed = <D extends Floats | Int32Array>(x: Tensor<D>): Tensor<D> => {
  const turn = (list: readonly number[]): number[] => [...list.slice(0, -2), ...list.slice(-2).reverse()]
  return { data: x.data, shape: turn(x.shape), stride: turn(x.stride), offset: x.offset }
}

/**
 * Exchanges the first two axes: `[time, batch, …]` <-> `[batch, time, …]`; shares memory. The framework is time-major
 * inside and batch-first in its public API: with this view both share the same memory.
 */
export const swapTimeAndBatch = <D extends Floats | Int32Array>(x: Tensor<D>): Tensor<D> => {
  const swap = (list: readonly number[]): number[] => [list[1]!, list[0]!, ...list.slice(2)]
  return { data: x.data, shape: swap(x.shape), stride: swap(x.stride), offset: x.offset }
}
