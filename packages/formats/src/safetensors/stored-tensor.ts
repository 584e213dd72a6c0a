import { layouts, type StoredType, type StoredValues } from './dtypes.ts'

/** A tensor in a file. */
export interface StoredTensor {
  /** What it is called. */
  readonly name: string
  /** The type of its numbers in the file. */
  readonly dtype: StoredType
  /** Its sizes; none for a single number. */
  readonly shape: readonly number[]
  /** Its bytes in the file, little-endian, row-major: a view, not a copy. */
  readonly bytes: Uint8Array
  /** A copy of its numbers, row-major. */
  values(): StoredValues
}

/** A tensor whose numbers are read when they are asked for. */
export const storedTensor = (tensor: Omit<StoredTensor, 'values'>): StoredTensor => ({
  ...tensor,
  values() {
    const { dtype, bytes } = tensor
    const layout = layouts[dtype]
    return layout.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), bytes.length / layout.bytes)
  },
})
