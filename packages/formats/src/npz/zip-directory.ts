import type { ByteSource } from '../byte-source.ts'
import { expectOurs, isZip } from '../foreign-files.ts'
import { FormatError } from '../errors.ts'

/** A file in a zip file. */
export interface ZipEntry {
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

const signatures = { end: 0x06054b50, directory: 0x02014b50, local: 0x04034b50 }
const lengths = { end: 22, directory: 46, local: 30 }
const methods: readonly number[] = [0, 8] // stored, deflated
// flags: how hard it was deflated, and names in UTF-8; the sizes after the data are in the directory, too
const understood = 0x0806
const sizesAfterData = 0x0008

/** The error for a damaged file, with the position. */
export const zipFault = (where: string, expected: string, got: string): FormatError =>
  new FormatError({
    where: `npz, ${where}`,
    expected,
    got,
    fix: 'The file is damaged or not an npz file; get it again from where it came.',
  })

/**
 * The files in a zip file, from the directory at its end. Fields that occur twice must agree, and no two files may
 * share bytes; nothing is unpacked yet.
 *
 * Source: PKWARE, APPNOTE.TXT, version 6.3, sections 4.3 and 4.4.
 */
export const zipDirectory = (file: ByteSource): ZipEntry[] => {
  if (!isZip(file.bytes(0, 4))) expectOurs(file, 'npz', 'an npz file')
  const [end, last] = endOf(file)
  const [count, length, begin] = [last.getUint16(10, true), last.getUint32(12, true), last.getUint32(16, true)]
  if (last.getUint32(4, true) !== 0 || last.getUint16(8, true) !== count)
    throw zipFault('the end', 'a zip file in one piece', 'a part of one')
  if (begin + length !== end) expectOurs(file, 'npz', 'an npz file') // PyTorch has the records of large files there
  if (begin + length !== end) throw zipFault('the end', `the directory to end at byte ${end}`, `${begin + length}`)
  const directory = file.bytes(begin, end)
  const places: Place[] = []
  let at = begin
  for (let i = 0; i < count; i++) {
    const place = placeAt(file, { directory, begin, end }, at)
    places.push(place)
    at = place.next
  }
  if (at !== end) throw zipFault(`byte ${at}`, `the end of the directory of ${count} files`, 'more')
  const sorted = places.toSorted((a, b) => a.from - b.from)
  if (sorted.some(({ from }, i) => i > 0 && from < sorted[i - 1]!.to))
    throw zipFault('the directory', 'files that lie one after the other', 'some that share bytes')
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
  readonly directory: Uint8Array
  readonly begin: number
  readonly end: number
}

/** The entry of the directory at a position in the file. */
const placeAt = (file: ByteSource, { directory, begin, end }: Directory, at: number): Place => {
  const view = viewOf(directory.subarray(at - begin))
  if (view.byteLength < lengths.directory || view.getUint32(0, true) !== signatures.directory)
    throw zipFault(`byte ${at}`, 'an entry of the directory', 'something else')
  const [flags, method, checksum] = [view.getUint16(8, true), view.getUint16(10, true), view.getUint32(16, true)]
  const [packedSize, size, from] = [view.getUint32(20, true), view.getUint32(24, true), view.getUint32(42, true)]
  const nameEnd = at + lengths.directory + view.getUint16(28, true)
  if (nameEnd > end) throw zipFault(`byte ${at}`, 'a name within the directory', 'one that goes beyond it')
  const bytes = directory.subarray(at + lengths.directory - begin, nameEnd - begin)
  const name = nameOf(bytes, at)
  if ((flags & ~(understood | sizesAfterData)) !== 0)
    throw zipFault(name, 'a file that is not encrypted', `the flags 0x${flags.toString(16)}`)
  if (!methods.includes(method)) throw zipFault(name, 'a file that is stored or deflated', `method ${method}`)
  const data = dataOf(file, { offset: from, flags, method, name: bytes }, name, begin)
  const to = data + packedSize
  if (to > begin) throw zipFault(name, `its ${packedSize} bytes before the directory`, 'one that goes beyond')
  if (method === 0 && packedSize !== size) throw zipFault(name, `${size} bytes, as it is not packed`, `${packedSize}`)
  const entry = { name, from: data, to, deflated: method === 8, size, checksum }
  return { entry, from, to, next: nameEnd + view.getUint16(30, true) + view.getUint16(32, true) }
}

const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length)

/** The record at the end, and its position; only a comment may follow it, up to the end of the file. */
const endOf = (file: ByteSource): [begin: number, record: DataView] => {
  const tail = file.bytes(Math.max(0, file.size - lengths.end - 0xffff), file.size)
  const view = viewOf(tail)
  for (let at = tail.length - lengths.end; at >= 0; at--)
    if (view.getUint32(at, true) === signatures.end && at + lengths.end + view.getUint16(at + 20, true) === tail.length)
      return [file.size - tail.length + at, viewOf(tail.subarray(at))]
  throw zipFault('the end', 'the directory of a zip file', 'none')
}

/** The fields of a file that occur in both places. */
interface Told {
  readonly offset: number
  readonly flags: number
  readonly method: number
  readonly name: Uint8Array
}

/** The start of the bytes of a file; its own header must agree with the directory. */
const dataOf = (file: ByteSource, { offset, flags, method, name }: Told, called: string, end: number): number => {
  const length = lengths.local + name.length
  const header = file.bytes(offset, Math.min(offset + length, end))
  const view = viewOf(header)
  const same = header.length === length && view.getUint32(0, true) === signatures.local
    && view.getUint16(6, true) === flags
    && view.getUint16(8, true) === method
    && view.getUint16(26, true) === name.length
    && name.every((byte, i) => header[lengths.local + i] === byte)
  if (!same) throw zipFault(called, `its header at byte ${offset}, as the directory says`, 'something else')
  return offset + length + view.getUint16(28, true)
}

const nameOf = (bytes: Uint8Array, at: number): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw zipFault(`byte ${at}`, 'a name in UTF-8', 'another one')
  }
}
