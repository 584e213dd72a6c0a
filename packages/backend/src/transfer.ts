import {
  copyElements, describeShape, describeValue, expectHeld, flatValues, howToBeANumber, indexCount, isContiguous,
  isNumberArray, ShapeError, sizeOf, tensorOver, ValueError, type Floats, type Indices, type Tensor,
} from '@recurra/tensor'
import type { ReadBack } from './backend.ts'

/**
 * Checks numbers that are to be written into a tensor.
 * @throws `ShapeError` if there are more numbers or fewer than elements.
 * @throws `ValueError` if a list has something that is not a number, or a finite one that would become infinite, or an
 * index is not an integer or is not less than their count.
 */
export const expectWritable = (to: Tensor<Floats | Int32Array>, values: ArrayLike<number>): void => {
  if (values?.length !== sizeOf(to.shape))
    throw new ShapeError({
      where: 'write',
      expected: `${sizeOf(to.shape)} numbers for shape ${describeShape(to.shape)}`,
      got: typeof values?.length === 'number' ? String(values.length) : describeValue(values),
      fix: 'Pass a number for every element.',
    })
  const isList = !isNumberArray(values)
  if (isList) expectNumbers(values)
  if (to.data instanceof Int32Array) expectIndices(values, indexCount(to as Indices))
  // a typed array was checked where it was filled: a loop over it would cost as much as the copy, at every step
  else if (isList && to.data instanceof Float32Array) expectHeld(values, 'float32', 'write')
}

/** Copies numbers into a tensor, in row-major order, once they are checked: after an error, nothing has changed. */
export const write = (to: Tensor<Floats | Int32Array>, values: ArrayLike<number>): void => {
  expectWritable(to, values)
  if (to.data.length === 0) return // a plan that is only measured
  if (isContiguous(to)) to.data.set(values, to.offset) // a loop over arrays of many types would box every number
  else copyElements(tensorOver(Float64Array.from(values), to.shape), to)
}

const expectNumbers = (values: ArrayLike<unknown>): void => {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== 'number') throw fault(values[i], i, 'a number')
}

/** An Int32Array would truncate fractions and turn NaN into 0; and a missing row cannot be moved. */
const expectIndices = (values: ArrayLike<number>, count: number): void => {
  const least = count < Infinity ? 0 : -Infinity
  for (let i = 0; i < values.length; i++)
    if ((values[i]! | 0) !== values[i] || values[i]! < least || values[i]! >= count)
      throw fault(values[i], i, count < Infinity ? `an integer from 0 to ${count - 1}` : 'an integer of 32 bits')
}

const fault = (value: unknown, i: number, expected: string): ValueError =>
  new ValueError({
    where: `write, number ${i}`,
    expected,
    got: describeValue(value),
    fix: typeof value === 'number' ? 'Write tokens, classes or rows: 0, 1, 2 and so on.' : howToBeANumber(value),
  })

/** Copies all elements out, in row-major order. */
export const read = <Data extends Floats | Int32Array>(from: Tensor<Data>): Data => {
  const { data, offset, shape } = from
  if (isContiguous(from)) return data.slice(offset, offset + sizeOf(shape)) as Data
  const Copy = data instanceof Int32Array ? Int32Array : data instanceof Float64Array ? Float64Array : Float32Array
  return Copy.from(flatValues(from as Tensor)) as Data
}

/** @throws `ShapeError` if there are gaps between the elements of a tensor. */
export const expectNoGaps = (x: Tensor): void => {
  if (isContiguous(x)) return
  throw new ShapeError({
    where: 'readBack',
    expected: 'tensors without gaps',
    got: `shape ${describeShape(x.shape)} with strides ${describeShape(x.stride)}`,
    fix: 'Read whole tensors.',
  })
}

/**
 * The elements of a tensor, in its memory.
 * @throws `ShapeError` if there are gaps between them.
 */
export const elements = (x: Tensor): Floats => {
  expectNoGaps(x)
  return x.data.subarray(x.offset, x.offset + sizeOf(x.shape))
}

/** Reads synchronously, and allocates nothing. */
export const readBack = (from: readonly Tensor[]): ReadBack => {
  const parts = from.map(elements)
  const values = new Float64Array(from.reduce((sum, { shape }) => sum + sizeOf(shape), 0))
  return {
    values,
    run() {
      for (let i = 0, to = 0; i < parts.length; to += parts[i++]!.length) values.set(parts[i]!, to)
    },
  }
}
