import {
  describeShape, flatValues, isContiguous, isNumberArray, isTensor, shapeOf, ShapeError, sizeOf, type TensorLike,
} from '@recurra/tensor'
import { expectNumbers } from './expect-numbers.ts'
import type { Signal } from './signal.ts'

/**
 * Copies the input of one step; `shape` is that of the memory it is for: [1, batch, features], or [1, batch] for
 * tokens. Looks at every number: one that is not finite would stay in the state. A tensor whose elements lie
 * side by side is copied without allocating.
 * @throws `ShapeError` if there are more numbers or fewer.
 * @throws `ValueError` if one is not a number, not finite, or no token; the error names it.
 */
export const takeStep = (x: TensorLike, signal: Signal, shape: readonly number[], to: Float64Array): void => {
  if (isTensor(x) && isContiguous(x) && isNumberArray(x.data) && x.data.length > 0) {
    const { data, offset } = x
    if (sizeOf(x.shape) !== to.length) throw misfit(x, shape)
    for (let i = 0; i < to.length; i++) to[i] = data[offset + i]!
  } else {
    const values = flatValues(x, 'step')
    if (values.length !== to.length) throw misfit(x, shape)
    to.set(values)
  }
  expectNumbers(to, signal, 'step', 'The state is as before: continue with an input that can be used.')
}

const misfit = (x: TensorLike, shape: readonly number[]): ShapeError =>
  new ShapeError({
    where: 'step',
    expected: `shape ${describeShape(shape.slice(1))}`,
    got: describeShape(shapeOf(x)),
    fix: 'Pass the input of one step.',
  })
