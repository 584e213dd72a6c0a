import {
  describeShape, describeValue, expectHeld, ShapeError, sizeOf, ValueError, type NamedTensor,
} from '@recurra/tensor'
import { isStoredType, layouts, type StoredType } from './dtypes.ts'

/** A checked tensor that can be written. */
export interface Writable {
  readonly name: string
  readonly dtype: StoredType
  readonly shape: readonly number[]
  /** The size of its values in bytes. */
  readonly bytes: number
  /** Its values as bytes, little-endian and row-major. */
  readonly write: () => Uint8Array
}

/** The smallest integer of a type, and the first one beyond its range. */
const rangeOf = (dtype: StoredType): readonly [least: number, end: number] | undefined => {
  const [, kind, bits] = /^([IU])(\d+)$/.exec(dtype) ?? []
  const half = 2 ** (Number(bits) - 1)
  return bits === undefined ? undefined : kind === 'U' ? [0, 2 * half] : [-half, half]
}

/**
 * The smallest number that rounds to infinity in a type: midway between its largest number and the next one it would
 * have.
 */
const beyond: { readonly [T in StoredType]?: number } = {
  F32: 2 ** 128 * (1 - 2 ** -25), C64: 2 ** 128 * (1 - 2 ** -25), BF16: 2 ** 128 * (1 - 2 ** -9), F16: 65520,
}

/** Whether a type can hold a number: integers exactly, others rounded as usual, but never finite ones as infinity. */
const isHeld = (dtype: StoredType): ((value: unknown) => boolean) => {
  const [range, infinite = Infinity] = [rangeOf(dtype), beyond[dtype]]
  if (dtype === 'BOOL') return (value) => ['number', 'bigint', 'boolean'].includes(typeof value)
  if (range) {
    const isInteger = (value: unknown): value is number | bigint => typeof value === 'bigint' || Number.isInteger(value)
    return (value) => isInteger(value) && value >= range[0] && value < range[1]
  }
  return (value) => {
    if (typeof value === 'bigint') return Math.abs(Number(value)) < infinite && BigInt(Number(value)) === value
    return typeof value === 'number' && (!Number.isFinite(value) || Math.abs(value) < infinite)
  }
}

/**
 * Reads the values of a tensor to write. Checks that their number matches the shape, that the type can be written, and
 * that each value fits the type.
 * @throws `ShapeError` if there are more or fewer values.
 * @throws `ValueError` if its type is read-only or unknown, or a value would change.
 */
export const writable = ({ name, dtype, shape, read }: NamedTensor): Writable => {
  const layout = isStoredType(dtype) ? layouts[dtype] : undefined
  const { bytes = 0, values: each = 1, write } = layout ?? {}
  if (!isStoredType(dtype) || !write)
    throw new ValueError({
      where: name,
      expected: `a number type that is written: ${written.join(', ')}`,
      got: String(dtype), // JavaScript callers may pass anything
      fix: 'Write F16 or F32.',
    })
  if (typeof read !== 'function')
    throw new ValueError({
      where: name,
      expected: 'a tensor with a function that reads its values',
      got: describeValue(read),
      fix: 'Pass { name, dtype, shape, read: () => values }.',
    })
  const values = read()
  if (values.length !== each * sizeOf(shape))
    throw new ShapeError({
      where: name,
      expected: `${each * sizeOf(shape)} values for shape ${describeShape(shape)}`,
      got: String(values.length),
      fix: 'Pass as many values as the shape needs.',
    })
  expectAllHeld(name, dtype, values)
  return {
    name,
    dtype,
    shape,
    bytes: bytes * sizeOf(shape),
    write: () => write(values),
  }
}

/** What to do about a number that is too large for a format without float64. */
export const float32Alone = 'Scale it: the file has float32 alone.'

/**
 * The values of a tensor as float32, little-endian.
 * @throws `ValueError` if one would become infinite.
 */
export const float32Bytes = ({ name, read }: NamedTensor): Uint8Array => {
  const values = read()
  expectHeld(values as ArrayLike<number>, 'float32', name, float32Alone)
  return layouts.F32.write!(values)
}

const written = Object.keys(layouts).filter((dtype) => layouts[dtype as StoredType].write)

const expectAllHeld = (name: string, dtype: StoredType, values: ReturnType<NamedTensor['read']>): void => {
  const held = isHeld(dtype)
  for (let i = 0; i < values.length; i++)
    if (!held(values[i]))
      throw new ValueError({
        where: `${name}, number ${i}`,
        expected: `a number that ${dtype} can hold`,
        got: String(values[i]),
        fix: rangeOf(dtype)
          ? 'Choose a wider type, or round and clip it yourself.'
          : 'Write F32 or F64, or I64 for a bigint.',
      })
}
