import { FormatError } from '../format-error.ts'
import { isStoredType, layouts, type StoredValues } from './dtypes.ts'

/** A tensor in a file. */
export interface StoredTensor {
  /** What it is called. */
  readonly name: string
  /** The type of its numbers in the file: a `StoredType`, or another one, whose numbers are not read. */
  readonly dtype: string
  /** Its sizes; none for a single number. */
  readonly shape: readonly number[]
  /** Its bytes in the file, little-endian, row-major: a view, not a copy. */
  readonly bytes: Uint8Array
  /**
   * A copy of its numbers, row-major.
   * @throws `FormatError` if its type is one that is not read.
   */
  values(): StoredValues
}

/** A tensor whose numbers are read when they are asked for. */
export const storedTensor = (tensor: Omit<StoredTensor, 'values'>): StoredTensor => ({
  ...tensor,
  values() {
    const { name, dtype, bytes } = tensor
    if (!isStoredType(dtype))
      throw new FormatError({
        where: name,
        expected: `numbers of type ${Object.keys(layouts).join(', ')}`,
        got: dtype,
        fix: 'Leave it out, or save it as F32; the other tensors of the file can be read.',
      })
    const layout = layouts[dtype]
    return layout.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes.length / layout.bytes)
  },
})
