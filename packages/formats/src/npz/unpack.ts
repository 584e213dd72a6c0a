import { Inflate } from 'fflate'
import { crc32 } from '../crc32.ts'
import { zipFault, type ZipEntry } from './zip-directory.ts'

/** How much of a file is unpacked at once: a thousand times as much may come out. */
const piece = 4096

/** The bytes of a file in a zip file, with their length and checksum as the directory says; a view where they are stored as they are. */
export const unpack = (entry: ZipEntry): Uint8Array => {
  const bytes = entry.deflated ? inflated(entry) : entry.packed
  const checksum = crc32(bytes)
  if (checksum !== entry.checksum) throw zipFault(entry.name, `the checksum ${entry.checksum.toString(16)}`, checksum.toString(16))
  return bytes
}

/** Stops at the first byte too many, so that a file cannot claim little and be much. */
const inflated = ({ name, packed, size }: ZipEntry): Uint8Array => {
  const bytes = new Uint8Array(size)
  let at = 0
  const inflate = new Inflate((chunk) => {
    if (at + chunk.length > size) throw zipFault(name, `${size} bytes, as the directory says`, 'more')
    bytes.set(chunk, at)
    at += chunk.length
  })
  for (let from = 0; from === 0 || from < packed.length; from += piece) push(inflate, packed.subarray(from, from + piece), from + piece >= packed.length, name)
  if (at !== size) throw zipFault(name, `${size} bytes, as the directory says`, `${at}`)
  return bytes
}

const push = (inflate: Inflate, chunk: Uint8Array, last: boolean, name: string): void => {
  try {
    inflate.push(chunk, last)
  } catch (error) {
    throw zipFault(name, 'bytes that can be unpacked', (error as Error).message)
  }
}
