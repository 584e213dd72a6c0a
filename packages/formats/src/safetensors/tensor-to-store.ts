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

/**
 * Checks that a tensor can be written: that there are as many numbers as the shape says, of a type that is written.
 * @throws `ShapeError` if there are not.
 * @throws `ValueError` if numbers of its type are read only.
 */
export const expectWritable = ({ name, shape, dtype, values: { length } }: TensorToStore): void => {
  const { values = 1, write } = layouts[dtype]
  if (!write) throw new ValueError({ where: name, expected: 'numbers of a type that is written', got: dtype, fix: 'Write F16 or F32.' })
  if (length === values * sizeOf(shape)) return
  throw new ShapeError({ where: name, expected: `${values * sizeOf(shape)} numbers for shape ${describeShape(shape)}`, got: String(length), fix: 'Pass as many as the shape says.' })
}

/**
 * Checks that names can be told apart.
 * @throws `ValueError` if one comes twice, or a file cannot have it.
 */
export const expectDistinct = (tensors: readonly TensorToStore[], where: string, reserved: readonly string[] = []): void => {
  const names = new Set([...reserved, '__proto__'])
  for (const { name } of tensors) {
    if (names.has(name)) throw new ValueError({ where, expected: 'names that can be told apart', got: `${JSON.stringify(name)} again`, fix: 'Rename one of them.' })
    names.add(name)
  }
}
