import { crc32 } from '../crc.ts'
import { FormatError } from '../errors.ts'

/** The metadata key of the seal; it must come first, so that its position is known before anything is read. */
export const sealed = 'checksum'
/** The placeholder while the checksum is computed. */
export const unsealed = '00000000'

const before = new TextEncoder().encode(`{"__metadata__":{"${sealed}":"`)
const start = 8 + before.length
const end = start + unsealed.length

/** Writes the checksum of all bytes into the metadata of a safetensors file; other readers can still read the file. */
export const seal = (file: Uint8Array): void => file.set(new TextEncoder().encode(checksum(file)), start)

/**
 * Checks that no byte has changed since the file was sealed.
 * @throws `FormatError` if one has.
 */
export const expectSealed = (file: Uint8Array): void => {
  if (!before.every((byte, i) => file[8 + i] === byte)) throw fault('a checkpoint of Recurra', 'something else')
  const [wanted, got] = [new TextDecoder().decode(file.subarray(start, end)), checksum(file)]
  if (wanted !== got) throw fault(`bytes with the checksum ${wanted}`, got)
}

const checksum = (file: Uint8Array): string => {
  const gap = crc32(new TextEncoder().encode(unsealed), crc32(file.subarray(0, start)))
  return crc32(file.subarray(end), gap).toString(16).padStart(8, '0')
}

const fault = (expected: string, got: string): FormatError =>
  new FormatError({
    where: 'checkpoint',
    expected,
    got,
    fix: 'The file is torn or was altered; take the one before it.',
  })
