import { crc32 } from '../crc.ts'
import { FormatError } from '../errors.ts'

/** The metadata under which the seal stands; it must come first, so that its place is known before anything is read. */
export const sealed = 'checksum'
/** What stands there while the checksum is made. */
export const unsealed = '00000000'

const before = new TextEncoder().encode(`{"__metadata__":{"${sealed}":"`)
const start = 8 + before.length
const end = start + unsealed.length

/** Puts the checksum of all bytes into a safetensors file, in its metadata: to others the file is like any other. */
export const seal = (file: Uint8Array): void => file.set(new TextEncoder().encode(checksum(file)), start)

/**
 * Checks that every byte is as it was sealed.
 * @throws `FormatError` if one is not.
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
