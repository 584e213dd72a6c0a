import type { ByteSource } from '../byte-source.ts'
import { expectOurs } from '../foreign-files.ts'
import { FormatError } from '../format-error.ts'
import { readHeader, type Header } from './header.ts'

/** The cap of the reference implementation. */
const mostHeaderBytes = 100_000_000
const prefix = 8 // the length of the header, 64 bits

/** The header of a file, and where the data after it begins. */
export const fileHeader = (file: ByteSource): Header & { readonly start: number } => {
  const start = prefix + headerSize(file)
  return { ...readHeader(file.bytes(prefix, start), prefix, file.size - start), start }
}

const headerSize = (file: ByteSource): number => {
  if (file.size < prefix) throw fault(`at least ${prefix} bytes`, `${file.size}`)
  const { buffer, byteOffset } = file.bytes(0, prefix)
  const size = new DataView(buffer, byteOffset, prefix).getBigUint64(0, true)
  // as other files seem to have a huge header
  if (size > file.size - prefix) expectOurs(file, 'safetensors', 'a safetensors file')
  if (size > mostHeaderBytes) throw fault(`a header of at most ${mostHeaderBytes} bytes`, `one of ${size}`)
  if (Number(size) > file.size - prefix)
    throw fault(`a header of ${size} bytes, as the first ${prefix} say`, `${file.size - prefix}`)
  return Number(size)
}

const fault = (expected: string, got: string): FormatError =>
  new FormatError({
    where: 'safetensors',
    expected,
    got,
    fix: 'The file is cut off or not a safetensors file; get it again from where it came.',
  })
