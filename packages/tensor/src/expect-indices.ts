import { ValueError } from './errors.ts'
import type { Indices } from './tensor.ts'

/**
 * Checks that indices [n] name one of `count` rows, or symbols. It allocates nothing, and its cost is negligible beside
 * the work on the rows.
 * @throws `ValueError` if an index is out of range; the error names it.
 */
export const expectIndices = ({ data, shape, stride, offset }: Indices, count: number, where: string): void => {
  const size = shape[0]!
  const step = stride[0]!
  for (let i = 0, at = offset; i < size; i++, at += step)
    if (!(data[at]! >= 0 && data[at]! < count)) throw fault(data[at]!, i, count, where)
}

const fault = (index: number, i: number, count: number, where: string): ValueError =>
  new ValueError({
    where: `${where}, number ${i}`,
    expected: `a token, class or row from 0 to ${count - 1}`,
    got: String(index),
    fix: 'Write numbers that the model knows; where a sequence is padded, 0.',
  })
