import type { ByteSource } from '../byte-source.ts'
import type { FormatError } from '../errors.ts'
import { zipFault, type ZipKind } from './zip-fault.ts'

/** What the end of a zip file tells of its directory. */
export interface ZipEnd {
  /** The number of files. */
  readonly count: number
  /** The position and the length of the directory. */
  readonly begin: number
  readonly length: number
  /** Where it must end: the records about it begin there. */
  readonly end: number
}

const record = { signature: 0x06054b50, length: 22 }
const wideRecord = { signature: 0x06064b50, length: 56 }
const locator = { signature: 0x07064b50, length: 20 }
const [full16, full32] = [0xffff, 0xffffffff]

export const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView => new DataView(buffer, byteOffset, length)

/**
 * Reads the record at the end; only a comment may follow it, up to the end of the file. A record of 64-bit sizes before
 * it counts, if there is one: PyTorch writes one for the smallest file, too.
 */
export const zipEnd = (file: ByteSource, kind: ZipKind): ZipEnd => {
  const [at, last] = endOf(file, kind)
  const [count, length, begin] = [last.getUint16(10, true), last.getUint32(12, true), last.getUint32(16, true)]
  const inOnePiece = last.getUint32(4, true) === 0 && last.getUint16(8, true) === count
  const wider = inOnePiece ? wideEnd(file, kind, at) : undefined
  const agrees = (small: number, full: number, large: number): boolean => small === large || small === full
  const whole = wider
    ? agrees(count, full16, wider.count) && agrees(length, full32, wider.length) && agrees(begin, full32, wider.begin)
    : inOnePiece
  if (!whole) throw zipFault(kind, 'the end', 'a zip file in one piece', 'a part of one')
  return wider ?? { count, length, begin, end: at }
}

const endOf = (file: ByteSource, kind: ZipKind): [at: number, record: DataView] => {
  const tail = file.bytes(Math.max(0, file.size - record.length - full16), file.size)
  const view = viewOf(tail)
  for (let at = tail.length - record.length; at >= 0; at--) {
    const isRecord = view.getUint32(at, true) === record.signature
    if (isRecord && at + record.length + view.getUint16(at + 20, true) === tail.length)
      return [file.size - tail.length + at, viewOf(tail.subarray(at))]
  }
  throw zipFault(kind, 'the end', 'the directory of a zip file', 'none')
}

/** The record of 64-bit sizes, if a locator of one stands before the last record. */
const wideEnd = (file: ByteSource, kind: ZipKind, end: number): ZipEnd | undefined => {
  const found = viewOf(file.bytes(Math.max(0, end - locator.length), end))
  if (found.byteLength < locator.length || found.getUint32(0, true) !== locator.signature) return undefined
  const at = uint64(found, 8)
  const view = viewOf(file.bytes(Math.min(at, end), Math.min(at + wideRecord.length, end)))
  const whole = view.byteLength === wideRecord.length && view.getUint32(0, true) === wideRecord.signature
    && at + 12 + uint64(view, 4) === end - locator.length // nothing between the two
    && view.getUint32(16, true) === 0 && view.getUint32(20, true) === 0
    && uint64(view, 24) === uint64(view, 32)
  if (!whole) throw zipFault(kind, 'the end', 'a record of 64-bit sizes, as its locator says', 'something else')
  return { count: uint64(view, 32), length: uint64(view, 40), begin: uint64(view, 48), end: at }
}

/** Sizes and an offset of 32 bits; those that are full stand in an extra field with 64 bits, in this order. */
export const wide = <T extends readonly number[]>(fields: T, extra: Uint8Array, fault: () => FormatError): T => {
  if (!fields.includes(full32)) return fields
  const view = viewOf(extra)
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    let from = at + 4
    const end = Math.min(extra.length, from + view.getUint16(at + 2, true))
    return fields.map((field) => {
      if (field !== full32) return field
      if (from + 8 > end) throw fault()
      from += 8
      return uint64(view, from - 8)
    }) as unknown as T
  }
  throw fault()
}

const uint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true))
