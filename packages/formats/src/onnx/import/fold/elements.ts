import { sizeOf } from '@recurra/tensor'
import type { OperatorCall } from '../operator.ts'
import type { Constant, Dim } from '../values.ts'

/** A constant. */
export const constant = (shape: readonly number[], values: ArrayLike<Dim>): Constant =>
  ({ kind: 'constant', shape, values })

/** Room for as many elements, in float32 if all of some constants are. */
export const roomFor = (
  { reserve }: OperatorCall, size: number, like: readonly Constant[],
): Dim[] | Float32Array => {
  reserve(size)
  return like.every(({ values }) => values instanceof Float32Array)
    ? new Float32Array(size) : Array.from({ length: size }, () => 0)
}

/** The same elements in another order or number: the element at a position of the result is the one at `from`. */
export const gathered = (
  call: OperatorCall, shape: readonly number[], x: Constant, from: (position: readonly number[]) => number,
): Constant => {
  const result = roomFor(call, sizeOf(shape), [x])
  forEachPosition(shape, (position, i) => {
    result[i] = x.values[from(position)] as never
  })
  return constant(shape, result)
}

/** Visits the positions of a shape, the last axis first. */
export const forEachPosition = (
  shape: readonly number[], visit: (position: readonly number[], i: number) => void,
): void => {
  const size = sizeOf(shape)
  const position = shape.map(() => 0)
  for (let i = 0; i < size; i++) {
    visit(position, i)
    for (let axis = shape.length - 1; axis >= 0 && ++position[axis]! === shape[axis]; axis--) position[axis] = 0
  }
}

/** The place of an element, row-major. */
export const placeAt = (position: readonly number[], strides: readonly number[]): number =>
  strides.reduce((sum, stride, axis) => sum + stride * position[axis]!, 0)
