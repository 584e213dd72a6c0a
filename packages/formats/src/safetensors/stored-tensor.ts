import type { NamedTensor } from '@recurra/tensor'
import { FormatError } from '../errors.ts'
import { isStoredType, layouts } from './dtypes.ts'

/** A tensor of a file: its bytes, little-endian and row-major, are loaded when its values are read. */
export const storedTensor = (
  { name, dtype, shape }: Omit<NamedTensor, 'read'>,
  bytesOf: () => Uint8Array,
): NamedTensor => ({
  name,
  dtype,
  shape,
  read() {
    if (!isStoredType(dtype))
      throw new FormatError({
        where: name,
        expected: `values of type ${Object.keys(layouts).join(', ')}`,
        got: dtype,
        fix: 'Leave it out, or save it as F32; the other tensors of the file can be read.',
      })
    return layouts[dtype].read(bytesOf())
  },
})
