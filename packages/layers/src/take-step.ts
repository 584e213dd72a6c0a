import { describeShape, flatten, isContiguous, shapeOf, ShapeError, sizeOf, ValueError, type TensorLike } from '@recurra/tensor'
import type { Signal } from './signal.ts'

/**
 * Copies the input of one step; `shape` is that of the memory it is for: [1, batch, features], or [1, batch] for tokens. Looks at every number: one that is not finite
 * would stay in the state for ever. A tensor whose elements lie side by side is copied without allocating.
 */
export const takeStep = (x: TensorLike, signal: Signal, shape: readonly number[], to: Float64Array): void => {
  const whole = typeof x === 'object' && 'stride' in x && isContiguous(x)
  const values: ArrayLike<number> = whole ? x.data : flatten(x)
  const from = whole ? x.offset : 0
  if ((whole ? sizeOf(x.shape) : values.length) !== to.length)
    throw new ShapeError({ where: 'step', expected: `shape ${describeShape(shape.slice(1))}`, got: describeShape(shapeOf(x)), fix: 'Pass the input of one step.' })
  for (let i = 0; i < to.length; i++) {
    const value = values[from + i]!
    if (!fits(value, signal)) throw misfit(value, i, signal)
    to[i] = value
  }
}

const fits = (value: number, { kind, size }: Signal): boolean =>
  kind === 'tokens' ? Number.isInteger(value) && value >= 0 && value < size : Number.isFinite(value)

const misfit = (value: number, at: number, { kind, size }: Signal): ValueError =>
  new ValueError({
    where: `step, number ${at}`,
    expected: kind === 'tokens' ? `a token from 0 to ${size - 1}` : 'a finite number',
    got: String(value),
    fix: 'The state is as before: go on with an input that can be used.',
  })
