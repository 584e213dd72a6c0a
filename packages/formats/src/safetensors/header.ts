import { describeShape, type NamedTensor } from '@recurra/tensor'
import type { ByteSource } from '../byte-source.ts'
import { expectOurs } from '../foreign-files.ts'
import { FormatError } from '../errors.ts'
import { bitsOf } from './dtypes.ts'
import { Scanner } from './scanner.ts'

/** A tensor as described by the header of a file, with the position of its bytes from the end of the header. */
interface Entry extends Omit<NamedTensor, 'read'> {
  readonly begin: number
  readonly end: number
}

/** The header of a file. */
interface Header {
  /** In the order of their bytes. */
  readonly entries: readonly Entry[]
  readonly metadata: ReadonlyMap<string, string>
}

/** The limit of the reference implementation. */
const mostHeaderBytes = 100_000_000
const prefix = 8 // the length of the header, 64 bits

/** More dimensions than any real tensor has; a file with thousands is not worth its memory. */
const mostDimensions = 64

/** The header of a file, and where the data after it begins. */
export const headerOf = (file: ByteSource): Header & { readonly start: number } => {
  const start = prefix + headerSize(file)
  return { ...readHeader(file.bytes(prefix, start), prefix, file.size - start), start }
}

const headerSize = (file: ByteSource): number => {
  if (file.size < prefix) throw notWhole(`at least ${prefix} bytes`, `${file.size}`)
  const { buffer, byteOffset } = file.bytes(0, prefix)
  const size = new DataView(buffer, byteOffset, prefix).getBigUint64(0, true)
  // because other kinds of files seem to have a huge header
  if (size > file.size - prefix) expectOurs(file, 'safetensors', 'a safetensors file')
  if (size > mostHeaderBytes) throw notWhole(`a header of at most ${mostHeaderBytes} bytes`, `one of ${size}`)
  if (Number(size) > file.size - prefix)
    throw notWhole(`a header of ${size} bytes, as the first ${prefix} say`, `${file.size - prefix}`)
  return Number(size)
}

const notWhole = (expected: string, got: string): FormatError =>
  new FormatError({
    where: 'safetensors',
    expected,
    got,
    fix: 'The file is cut off or not a safetensors file; get it again from where it came.',
  })

/** Reads a header, JSON that starts `offset` bytes into its file and describes `size` bytes of data after it. */
const readHeader = (json: Uint8Array, offset: number, size: number): Header => {
  const scanner = new Scanner(json, offset)
  const entries: Entry[] = []
  const metadata = new Map<string, string>()
  scanner.object('the header', (name) => {
    if (name === '__metadata__') scanner.object('the metadata', (key) => metadata.set(key, scanner.string('a text')))
    else entries.push(readEntry(scanner, name))
  })
  scanner.end('the header')
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  expectGapless(entries, size, (expected, got) => scanner.fault(expected, got))
  return { entries, metadata }
}

const readEntry = (scanner: Scanner, name: string): Entry => {
  const called = JSON.stringify(name)
  let dtype: string | undefined
  let shape: number[] | undefined
  let offsets: number[] | undefined
  const counts = (what: string, most: number): number[] => {
    const all: number[] = []
    scanner.array(what, () => {
      all.push(scanner.count(`${what}: a number`))
      if (all.length > most) throw scanner.fault(`${what} to be at most ${most} numbers`, 'more')
    })
    return all
  }
  scanner.object(called, (key) => {
    if (key === 'dtype') dtype = readType(scanner, called)
    else if (key === 'shape') shape = counts(`the shape of ${called}`, mostDimensions)
    else if (key === 'data_offsets') offsets = counts(`the data_offsets of ${called}`, 2)
    else throw scanner.fault(`dtype, shape and data_offsets in ${called}`, JSON.stringify(key))
  })
  if (!dtype || !shape || !offsets) throw scanner.fault(`dtype, shape and data_offsets in ${called}`, 'not all of them')
  const [begin, end] = offsets
  if (begin === undefined || end === undefined || begin > end)
    throw scanner.fault(`${called} to have data_offsets [begin, end] with begin <= end`, `[${offsets.join(', ')}]`)
  expectFilled(scanner, { name, dtype, shape, begin, end })
  return { name, dtype, shape, begin, end }
}

/** The size of an unknown type cannot be checked. */
const expectFilled = (scanner: Scanner, { name, dtype, shape, begin, end }: Entry): void => {
  const bits = bitsOf(dtype)
  if (bits === undefined) return
  const bytes = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, bits / 8)
  if (bytes !== end - begin)
    throw scanner.fault(
      `${JSON.stringify(name)} of type ${dtype} and shape ${describeShape(shape)} to take ${bytes} bytes`,
      `${end - begin}`,
    )
}

/** The format gets new types from time to time: an unknown one must not make other tensors unreadable. */
const readType = (scanner: Scanner, called: string): string => {
  const name = scanner.string(`the dtype of ${called}`)
  if (/^[A-Z][A-Z0-9_]{1,31}$/.test(name)) return name
  throw scanner.fault(`the dtype of ${called} to be a type such as F32`, JSON.stringify(name))
}

/** Tensors are contiguous, and the last one ends at the end of the file: no gaps, no overlaps, no trailing bytes. */
const expectGapless = (
  entries: readonly Entry[],
  size: number,
  fault: (expected: string, got: string) => FormatError,
): void => {
  let end = 0
  for (const entry of entries) {
    if (entry.begin !== end)
      throw fault(
        `${JSON.stringify(entry.name)} to begin at byte ${end} of the data, where the tensor before it ends`,
        String(entry.begin),
      )
    end = entry.end
  }
  if (end !== size) throw fault(`data of ${end} bytes, as the tensors say`, String(size))
}
