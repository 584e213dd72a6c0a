import { fromBFloat, fromFloat8, fromHalf, toBFloat, toHalf } from './half.ts'

/**
 * The values of a stored tensor: half precision and 8-bit floats are read as float32, 64-bit integers as bigint, and
 * complex numbers as two consecutive float32 each.
 */
export type StoredValues =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array

/** The number types that can be read, by their names in a file. All except the 8-bit floats can be written, too. */
export type StoredType =
  | 'U64' | 'I64' | 'F64' | 'C64' | 'F32' | 'U32' | 'I32' | 'BF16' | 'F16' | 'U16' | 'I16'
  | 'F8_E8M0' | 'F8_E4M3' | 'F8_E5M2' | 'I8' | 'U8' | 'BOOL'

/** How values of one type are stored in a file, little-endian. */
interface Layout {
  /** The bytes of one element. */
  readonly bytes: number
  /** The values of one element; a complex number has two. Default: 1. */
  readonly values?: number
  readonly read: (bytes: Uint8Array) => StoredValues
  /** The bytes of values. Missing if the type is read-only. */
  readonly write?: (values: ArrayLike<number | bigint>) => Uint8Array
}

interface TypedArray<T extends StoredValues> {
  readonly BYTES_PER_ELEMENT: number
  new (from: number | ArrayBuffer): T
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Each number with its bytes reversed. */
export const swapped = (bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytes, (_, i) => bytes[i - (i % width) + width - 1 - (i % width)]!)

/** A copy of little-endian bytes in the byte order of this machine, or the reverse. */
const inOrder = (bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> =>
  isLittleEndian ? new Uint8Array(bytes) : swapped(bytes, width)

const fill = <T extends StoredValues>(to: T, element: (i: number) => T[number]): T => {
  for (let i = 0; i < to.length; i++) to[i] = element(i)
  return to
}

/** Numbers in a typed array. */
const plain = <T extends StoredValues>(Values: TypedArray<T>, exact: (value: number | bigint) => T[number]): Layout => {
  const bytes = Values.BYTES_PER_ELEMENT
  return {
    bytes,
    read: (from) => new Values(inOrder(from, bytes).buffer),
    write: (values) => inOrder(new Uint8Array(fill(new Values(values.length), (i) => exact(values[i]!)).buffer), bytes),
  }
}

const [F32, U16, U8] = [plain(Float32Array, Number), plain(Uint16Array, Number), plain(Uint8Array, Number)]

/** Numbers read as float32, each decoded from the bits of an integer. */
const coded = (codes: Layout, decode: (code: number) => number, encode?: (value: number) => number): Layout => ({
  bytes: codes.bytes,
  read(bytes) {
    const from = codes.read(bytes)
    return fill(new Float32Array(from.length), (i) => decode(from[i] as number))
  },
  ...(encode && { write: (values) => codes.write!(Float64Array.from(values, (value) => encode(Number(value)))) }),
})

/**
 * The layout of each number type, the widest first; types of equal width are in the order of the reference
 * implementation.
 */
export const layouts: { readonly [T in StoredType]: Layout } = {
  U64: plain(BigUint64Array, BigInt),
  I64: plain(BigInt64Array, BigInt),
  F64: plain(Float64Array, Number),
  C64: { ...F32, bytes: 8, values: 2 },
  F32,
  U32: plain(Uint32Array, Number),
  I32: plain(Int32Array, Number),
  BF16: coded(U16, fromBFloat, toBFloat),
  F16: coded(U16, fromHalf, toHalf),
  U16,
  I16: plain(Int16Array, Number),
  F8_E8M0: coded(U8, (byte) => (byte === 255 ? Number.NaN : 2 ** (byte - 127))),
  F8_E4M3: coded(U8, fromFloat8),
  F8_E5M2: coded(U8, (byte) => fromHalf(byte << 8)),
  I8: plain(Int8Array, Number),
  U8,
  BOOL: {
    bytes: 1,
    read: (bytes) => Uint8Array.from(bytes, (byte) => (byte === 0 ? 0 : 1)),
    write: (values) => Uint8Array.from(values, (value) => (Number(value) === 0 ? 0 : 1)),
  },
}

/** Whether a name is one of them; a name such as `toString` is not. */
export const isStoredType = (name: string): name is StoredType => Object.hasOwn(layouts, name)

/** The bits of an element, for types that can be read or whose size is known; else undefined. */
export const bitsOf = (type: string): number | undefined =>
  isStoredType(type) ? 8 * layouts[type].bytes : { F4: 4, F6_E2M3: 6, F6_E3M2: 6 }[type]

/** The types of numbers that parameters may have. */
export const floats: readonly FloatType[] = ['F64', 'F32', 'F16', 'BF16']

/** The types of numbers that parameters may have. */
export type FloatType = 'F64' | 'F32' | 'F16' | 'BF16'

/** Whether a type is one that parameters may have. */
export const isFloat = (name: string): name is FloatType => (floats as readonly string[]).includes(name)
