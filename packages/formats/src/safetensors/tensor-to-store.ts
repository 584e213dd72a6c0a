import { describeShape, ShapeError, sizeOf, ValueError } from '@recurra/tensor'
import { layouts, type StoredType } from './dtypes.ts'

/** A tensor to be written. */
export interface TensorToStore {
  /** What it is called; no two alike. */
  readonly name: string
  /** The type of its numbers in the file. */
  readonly dtype: StoredType
  /** Its sizes; none for a single number. */
  readonly shape: readonly number[]
  /** Its numbers, row-major. */
  readonly values: ArrayLike<number> | ArrayLike<bigint>
}

/** Where integers of a type begin, and the first one beyond them. */
const rangeOf = (dtype: StoredType): readonly [least: number, end: number] | undefined => {
  const [, kind, bits] = /^([IU])(\d+)$/.exec(dtype) ?? []
  const half = 2 ** (Number(bits) - 1)
  return bits === undefined ? undefined : kind === 'U' ? [0, 2 * half] : [-half, half]
}

/** What rounds to infinity in a type: the middle between its largest number and the next one that it would have. */
const beyond: { readonly [T in StoredType]?: number } = {
  F32: 2 ** 128 * (1 - 2 ** -25), C64: 2 ** 128 * (1 - 2 ** -25), BF16: 2 ** 128 * (1 - 2 ** -9), F16: 65520,
}

/** Whether a file can say a number: integers as they are, others rounded as ever, and none as another one. */
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
 * Checks that a tensor can be written: that there are as many numbers as the shape says, of a type that is written, and
 * each within that type.
 * @throws `ShapeError` if there are not.
 * @throws `ValueError` if numbers of its type are read only, or one would become another number.
 */
export const expectWritable = (tensor: TensorToStore): void => {
  const { name, dtype, values } = tensor
  expectFilled(tensor)
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

const expectFilled = ({ name, shape, dtype, values: { length } }: TensorToStore): void => {
  const { values = 1, write } = layouts[dtype] ?? {} // JavaScript checks no types
  if (!write)
    throw new ValueError({
      where: name,
      expected: 'numbers of a type that is written',
      got: String(dtype),
      fix: 'Write F16 or F32.',
    })
  if (length === values * sizeOf(shape)) return
  throw new ShapeError({
    where: name,
    expected: `${values * sizeOf(shape)} numbers for shape ${describeShape(shape)}`,
    got: String(length),
    fix: 'Pass as many as the shape says.',
  })
}

/**
 * Checks that names can be told apart.
 * @throws `ValueError` if one comes twice, or a file cannot have it.
 */
export const expectDistinct = (
  tensors: readonly TensorToStore[],
  where: string,
  reserved: readonly string[] = [],
): void => {
  const names = new Set([...reserved, '__proto__'])
  for (const { name } of tensors) {
    if (names.has(name))
      throw new ValueError({
        where,
        expected: 'names that can be told apart',
        got: `${JSON.stringify(name)} again`,
        fix: 'Rename one of them.',
      })
    names.add(name)
  }
}
