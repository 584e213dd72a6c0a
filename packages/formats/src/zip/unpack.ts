import { Inflate } from 'fflate'
import type { ByteSource } from '../byte-source.ts'
import { crc32 } from '../crc.ts'
import type { ZipEntry } from './zip-directory.ts'
import { zipFault, type ZipKind } from './zip-fault.ts'

/** How much of a file is unpacked at once: the result may be a thousand times as large. */
const piece = 4096

/**
 * The bytes of a file in a zip file, checked against the length and checksum in the directory; a view if they are
 * stored uncompressed.
 */
export const unpack = (entry: ZipEntry, file: ByteSource): Uint8Array => {
  const bytes = unpackBeginning(entry, file, entry.size)
  const checksum = crc32(bytes)
  if (checksum !== entry.checksum)
    throw zipFault(entry.kind, entry.name, `the checksum ${entry.checksum.toString(16)}`, checksum.toString(16))
  return bytes
}

/** The first bytes of a file in a zip file: this many, or all of them. */
export const unpackBeginning = (entry: ZipEntry, file: ByteSource, most: number): Uint8Array =>
  entry.deflated
    ? inflated(entry, file, Math.min(most, entry.size))
    : file.bytes(entry.from, Math.min(entry.from + most, entry.to))

/** Stops at the first excess byte, so that a file cannot unpack to more than it claims. */
const inflated = ({ kind, name, from, to, size }: ZipEntry, file: ByteSource, wanted: number): Uint8Array => {
  const bytes = new Uint8Array(wanted)
  let at = 0
  const inflate = new Inflate((chunk) => {
    if (wanted === size && at + chunk.length > size)
      throw zipFault(kind, name, `${size} bytes, as the directory says`, 'more')
    const fitting = chunk.subarray(0, wanted - at)
    bytes.set(fitting, at)
    at += fitting.length
  })
  for (let begin = from; begin === from || (begin < to && (wanted === size || at < wanted)); begin += piece)
    push(inflate, file.bytes(begin, Math.min(begin + piece, to)), begin + piece >= to, kind, name)
  if (at !== wanted) throw zipFault(kind, name, `${size} bytes, as the directory says`, `${at}`)
  return bytes
}

const push = (inflate: Inflate, chunk: Uint8Array, last: boolean, kind: ZipKind, name: string): void => {
  try {
    inflate.push(chunk, last)
  } catch (error) {
    throw zipFault(kind, name, 'bytes that can be unpacked', (error as Error).message)
  }
}
