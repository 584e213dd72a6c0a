import type { ByteSource } from '../byte-source.ts'
import { expectOurs, isZip } from '../foreign-files.ts'
import { viewOf, wide, zipEnd } from './zip-end.ts'
import { zipFault, zipKinds, type ZipKind } from './zip-fault.ts'

/** A file in a zip file. */
export interface ZipEntry {
  /** What the zip file is. */
  readonly kind: ZipKind
  readonly name: string
  /** The position of its bytes in the zip file. */
  readonly from: number
  readonly to: number
  /** Whether they are deflated; otherwise they are stored uncompressed. */
  readonly deflated: boolean
  /** Its stated size, and its checksum. */
  readonly size: number
  readonly checksum: number
}

const signatures = { directory: 0x02014b50, local: 0x04034b50 }
const lengths = { directory: 46, local: 30 }
const methods: readonly number[] = [0, 8] // stored, deflated
// flags: how hard it was deflated, and names in UTF-8; the sizes after the data are in the directory, too
const understood = 0x0806
const sizesAfterData = 0x0008

/**
 * The files in a zip file, from the directory at its end. Fields that occur twice must agree, and no two files may
 * share bytes; nothing is unpacked yet.
 *
 * Source: PKWARE, APPNOTE.TXT, version 6.3, sections 4.3 and 4.4.
 */
export const zipDirectory = (file: ByteSource, kind: ZipKind): ZipEntry[] => {
  if (!isZip(file.bytes(0, 4))) expectOurs(file, kind, zipKinds[kind])
  const { count, begin, length, end } = zipEnd(file, kind)
  if (begin + length !== end)
    throw zipFault(kind, 'the end', `the directory to end at byte ${end}`, `${begin + length}`)
  const directory: Directory = { bytes: file.bytes(begin, end), begin, end, kind }
  const places: Place[] = []
  let at = begin
  for (let i = 0; i < count; i++) {
    const place = placeAt(file, directory, at)
    places.push(place)
    at = place.next
  }
  if (at !== end) throw zipFault(kind, `byte ${at}`, `the end of the directory of ${count} files`, 'more')
  const sorted = places.toSorted((a, b) => a.from - b.from)
  if (sorted.some(({ from }, i) => i > 0 && from < sorted[i - 1]!.to))
    throw zipFault(kind, 'the directory', 'files that lie one after the other', 'some that share bytes')
  return places.map(({ entry }) => entry)
}

/** A file with the range of its bytes, including the header, and the position where the directory continues. */
interface Place {
  readonly entry: ZipEntry
  readonly from: number
  readonly to: number
  readonly next: number
}

/** The bytes of the directory, and their position. */
interface Directory {
  readonly kind: ZipKind
  readonly bytes: Uint8Array
  readonly begin: number
  readonly end: number
}

/** The entry of the directory at a position in the file. */
const placeAt = (file: ByteSource, { kind, bytes: directory, begin, end }: Directory, at: number): Place => {
  const view = viewOf(directory.subarray(at - begin))
  if (view.byteLength < lengths.directory || view.getUint32(0, true) !== signatures.directory)
    throw zipFault(kind, `byte ${at}`, 'an entry of the directory', 'something else')
  const [flags, method, checksum] = [view.getUint16(8, true), view.getUint16(10, true), view.getUint32(16, true)]
  const nameEnd = at + lengths.directory + view.getUint16(28, true)
  const next = nameEnd + view.getUint16(30, true) + view.getUint16(32, true)
  if (next > end) throw zipFault(kind, `byte ${at}`, 'an entry within the directory', 'one that goes beyond it')
  const bytes = directory.subarray(at + lengths.directory - begin, nameEnd - begin)
  const name = nameOf(bytes, kind, at)
  const [size, packedSize, from] = wide(
    [view.getUint32(24, true), view.getUint32(20, true), view.getUint32(42, true)],
    directory.subarray(nameEnd - begin, nameEnd - begin + view.getUint16(30, true)),
    () => zipFault(kind, name, 'its sizes in 64 bits', 'none'),
  )
  if ((flags & ~(understood | sizesAfterData)) !== 0)
    throw zipFault(kind, name, 'a file that is not encrypted', `the flags 0x${flags.toString(16)}`)
  if (!methods.includes(method)) throw zipFault(kind, name, 'a file that is stored or deflated', `method ${method}`)
  const data = dataOf(file, { kind, offset: from, flags, method, name: bytes }, name, begin)
  const to = data + packedSize
  if (to > begin) throw zipFault(kind, name, `its ${packedSize} bytes before the directory`, 'one that goes beyond')
  if (method === 0 && packedSize !== size)
    throw zipFault(kind, name, `${size} bytes, as it is not packed`, `${packedSize}`)
  const entry = { kind, name, from: data, to, deflated: method === 8, size, checksum }
  return { entry, from, to, next }
}

/** The fields of a file that occur in both places. */
interface Told {
  readonly kind: ZipKind
  readonly offset: number
  readonly flags: number
  readonly method: number
  readonly name: Uint8Array
}

/** The start of the bytes of a file; its own header must agree with the directory. */
const dataOf = (file: ByteSource, { kind, offset, flags, method, name }: Told, called: string, end: number): number => {
  const length = lengths.local + name.length
  const header = file.bytes(offset, Math.min(offset + length, end))
  const view = viewOf(header)
  const same = header.length === length && view.getUint32(0, true) === signatures.local
    && view.getUint16(6, true) === flags
    && view.getUint16(8, true) === method
    && view.getUint16(26, true) === name.length
    && name.every((byte, i) => header[lengths.local + i] === byte)
  if (!same) throw zipFault(kind, called, `its header at byte ${offset}, as the directory says`, 'something else')
  return offset + length + view.getUint16(28, true)
}

const nameOf = (bytes: Uint8Array, kind: ZipKind, at: number): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw zipFault(kind, `byte ${at}`, 'a name in UTF-8', 'another one')
  }
}
