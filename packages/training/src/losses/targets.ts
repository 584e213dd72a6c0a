import type { Classes } from './loss.ts'

/**
 * Whether a number of lists of `width` labels is one of the classes, and may follow the one before it. It takes the
 * whole array, because passing single numbers may allocate, and training steps must not.
 */
export const isClass = (
  values: ArrayLike<number>, at: number, width: number, { size, ignore, filler }: Classes,
): boolean => {
  const value = values[at]!
  return ((Number.isInteger(value) && value >= 0 && value < size) || value === ignore) &&
    (filler === undefined || at % width === 0 || values[at - 1] !== filler || value === filler)
}

/** The classes in words. */
export const describeClasses = ({ size, ignore, filler }: Classes): string => [
  `an integer from 0 to ${size - 1}`,
  ...(ignore === undefined ? [] : [`or ${ignore}, which is ignored`]),
  ...(filler === undefined ? [] : [`and nothing but ${filler} after the first ${filler}`]),
].join(', ')

/** What to do about a class that does not exist. A negative one often stands for rows that do not count. */
export const classFix = (value: unknown, { ignore, filler }: Classes, usual: string): string =>
  ignore === undefined && filler === undefined && Number.isInteger(value) && (value as number) < 0
    ? `Pass ignore: ${String(value)} to the loss, if such targets do not count.`
    : usual
