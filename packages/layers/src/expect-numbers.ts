import { ValueError } from '@recurra/tensor'
import type { Signal } from './signal.ts'

/**
 * Checks every number of an input: tokens are integers below the size, features are finite. It takes a typed array,
 * because passing single numbers may allocate, and the steps of a stream must not.
 * @throws `ValueError` if a value is invalid; the error names its position.
 */
export const expectNumbers = (values: Float64Array, { kind, size }: Signal, where: string, fix: string): void => {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (kind === 'tokens' ? Number.isInteger(value) && value >= 0 && value < size : Number.isFinite(value)) continue
    throw new ValueError({
      where: `${where}, number ${i}`,
      expected: kind === 'tokens' ? `a token from 0 to ${size - 1}` : 'a finite number',
      got: String(value),
      fix,
    })
  }
}
