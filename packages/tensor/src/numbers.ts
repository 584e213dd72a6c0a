import { ValueError } from './errors.ts'
import { describeValue } from './describe-value.ts'

/** A typed array of numbers: any but those of BigInt. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array

/** Whether a value is a typed array of numbers. */
export const isNumberArray = (x: unknown): x is NumberArray =>
  ArrayBuffer.isView(x) && !(x instanceof DataView) && !(x instanceof BigInt64Array) && !(x instanceof BigUint64Array)

/**
 * How to convert a value that is not a number, as a sentence: the null that JSON writes for NaN, the cells of a table,
 * a date.
 */
export const howToBeANumber = (value: unknown): string => {
  if (value === null || value === undefined) return 'Fill the gap with a number, or leave the row out.'
  if (typeof value === 'bigint') return `Convert it: Number(${describeValue(value)}).`
  if (typeof value === 'boolean') return `Pass ${Number(value)}: Number(value).`
  if (value instanceof Date) return 'Pass numbers: value.getTime() / 86_400_000 in days, or the hour and the weekday.'
  if (value instanceof BigInt64Array || value instanceof BigUint64Array)
    return 'Convert it: Float64Array.from(values, Number).'
  if (typeof value !== 'string') return 'Pass numbers, or lists of them.'
  if (value.trim() !== '' && Number.isFinite(Number(value))) return `Convert it: Number(${describeValue(value)}).`
  return (
    'Give each word a number: labels.indexOf(word), with labels as a list of all words; ' +
    'for the symbols of a text, characters(text).encode(text).'
  )
}

/** The error for a value that should be a number, at a position such as `x[3][2]`. */
export const notANumber = (value: unknown, where: string): ValueError =>
  new ValueError({
    ...(where !== '' && { where }),
    expected: 'a finite number',
    got: describeValue(value),
    fix: howToBeANumber(value),
  })

/**
 * Copies numbers from any kind of list; a value that is not a number becomes NaN, which the caller rejects. A typed
 * array is copied without checking its elements, and nothing is allocated.
 */
export const copyNumbers = (from: ArrayLike<number>, to: Float64Array): void => {
  if (isNumberArray(from)) return to.set(from)
  for (let i = 0; i < to.length; i++) {
    const value: unknown = from[i]
    to[i] = typeof value === 'number' ? value : Number.NaN
  }
}
