import { ValueError, type Indices, type Tensor } from '@recurra/tensor'
import type { Classes } from './loss.ts'

/** Whether a number is one of the classes, after `before` in a list of labels. */
export const isClass = (value: number, before: number, { size, ignore, filler }: Classes): boolean =>
  ((Number.isInteger(value) && value >= 0 && value < size) || value === ignore) &&
  (before !== filler || value === filler)

/** The classes in words. */
export const describeClasses = ({ size, ignore, filler }: Classes): string => [
  `a whole number from 0 to ${size - 1}`,
  ...(ignore === undefined ? [] : [`or ${ignore}, which is ignored`]),
  ...(filler === undefined ? [] : [`and nothing but ${filler} after the first ${filler}`]),
].join(', ')

/**
 * Checks targets [rows] or labels [batch, labels] where `mask` [rows] is not 0; what the rest holds does not matter. A
 * class that does not exist would be one that nobody is blamed for. It allocates nothing.
 * @throws `ValueError` if one is no class; it says which.
 */
export const expectTargets = ({ data, shape, offset }: Indices, mask: Tensor, classes: Classes, type: string): void => {
  const rows = shape[0]!
  const width = shape[1] ?? 1
  for (let row = 0; row < rows; row++) {
    if (mask.data[mask.offset + row] === 0) continue
    for (let i = 0; i < width; i++) {
      const at = offset + row * width + i
      if (!isClass(data[at]!, i > 0 ? data[at - 1]! : Number.NaN, classes))
        throw fault(data[at]!, row, i, width, classes, type)
    }
  }
}

const fault = (value: number, row: number, i: number, width: number, classes: Classes, type: string): ValueError =>
  new ValueError({
    where: `target of ${type}, row ${row}${width > 1 ? `, label ${i}` : ''}`,
    expected: describeClasses(classes),
    got: String(value),
    fix: 'Write class numbers, and 0 into the mask of rows that do not count.',
  })
