import { ValueError } from '@recurra/tensor'
import type { Signal } from './signal.ts'

/**
 * Looks at every number that comes from outside: whole ones below the size for tokens, else finite ones. It takes a
 * list, of one type: a call with a single number can make an object of it, and the steps of a stream allocate nothing.
 * @throws `ValueError` if one is not a number; the error says which.
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
