import { describeShape, flatten, isContiguous, shapeOf, ShapeError, sizeOf, ValueError, type TensorLike } from '@recurra/tensor'
import type { Signal } from './signal.ts'

/**
 * Copies the input of one step; `shape` is that of the memory it is for: [1, batch, features], or [1, batch] for tokens.
 * Looks at every number: one that is not finite would stay in the state for ever. A tensor whose elements lie side by
 * side is copied without allocating; no function takes a single number, since a call can make an object of it.
 */
export const takeStep = (x: TensorLike, { kind, size }: Signal, shape: readonly number[], to: Float64Array): void => {
  if (typeof x === 'object' && 'stride' in x && isContiguous(x)) {
    const { data, offset } = x
    if (sizeOf(x.shape) !== to.length) throw misfit(x, shape)
    for (let i = 0; i < to.length; i++) to[i] = data[offset + i]!
  } else {
    const values = flatten(x)
    if (values.length !== to.length) throw misfit(x, shape)
    to.set(values)
  }
  for (let i = 0; i < to.length; i++) {
    const value = to[i]!
    if (kind === 'tokens' ? Number.isInteger(value) && value >= 0 && value < size : Number.isFinite(value)) continue
    throw new ValueError({
      where: `step, number ${i}`,
      expected: kind === 'tokens' ? `a token from 0 to ${size - 1}` : 'a finite number',
      got: String(value),
      fix: 'The state is as before: go on with an input that can be used.',
    })
  }
}

const misfit = (x: TensorLike, shape: readonly number[]): ShapeError =>
  new ShapeError({ where: 'step', expected: `shape ${describeShape(shape.slice(1))}`, got: describeShape(shapeOf(x)), fix: 'Pass the input of one step.' })
