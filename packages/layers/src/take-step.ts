import {
  describeShape, flatValues, isContiguous, isNumberArray, isTensor, largestIn, notHeld, shapeOf, ShapeError, sizeOf,
  ValueError, type DType, type TensorLike,
} from '@recurra/tensor'
import type { Signal } from './signal.ts'

/**
 * Copies the input of one step; `shape` is that of the memory it is for: [1, batch, features], or [1, batch] for
 * tokens. Looks at every number: one that is not finite would stay in the state. A tensor whose elements lie
 * side by side is copied without allocating. `dtype` is the number type of the model.
 * @throws `ShapeError` if there are more numbers or fewer.
 * @throws `ValueError` if one is not a number, not finite, too large for the number type, or no token; the error names
 * it.
 */
export const takeStep = (
  x: TensorLike, signal: Signal, dtype: DType, shape: readonly number[], to: Float64Array,
): void => {
  if (isTensor(x) && isContiguous(x) && isNumberArray(x.data) && x.data.length > 0) {
    const { data, offset } = x
    if (sizeOf(x.shape) !== to.length) throw misfit(x, shape)
    for (let i = 0; i < to.length; i++) to[i] = data[offset + i]!
  } else {
    const values = flatValues(x, 'step')
    if (values.length !== to.length) throw misfit(x, shape)
    to.set(values)
  }
  expectNumbers(to, signal, dtype, 'step', 'The state is as before: continue with an input that can be used.')
}

const misfit = (x: TensorLike, shape: readonly number[]): ShapeError =>
  new ShapeError({
    where: 'step',
    expected: `shape ${describeShape(shape.slice(1))}`,
    got: describeShape(shapeOf(x)),
    fix: 'Pass the input of one step.',
  })

/**
 * Checks every number of an input: tokens are integers below the size, features are finite in the number type of the
 * model. It takes a typed array, because passing single numbers may allocate, and the steps of a stream must not.
 * @throws `ValueError` if a value is invalid; the error names its position.
 */
export const expectNumbers = (
  values: Float64Array, { kind, size }: Signal, dtype: DType, where: string, fix: string,
): void => {
  const largest = largestIn(dtype)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (kind === 'tokens' ? Number.isInteger(value) && value >= 0 && value < size : Math.abs(value) <= largest) continue
    throw new ValueError({
      where: `${where}, number ${i}`,
      ...(kind === 'tokens'
        ? { expected: `a token from 0 to ${size - 1}`, got: String(value), fix }
        : notHeld(value, dtype, fix)),
    })
  }
}
