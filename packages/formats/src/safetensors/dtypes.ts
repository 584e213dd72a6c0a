import { fromBFloat, fromFloat8, fromHalf, toBFloat, toHalf } from './half.ts'

/**
 * Numbers of a stored tensor: half precision and 8-bit floats are read as float32, 64-bit integers as bigint, complex
 * numbers as pairs of float32, one after the other.
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

/** The number types that are read, by their names in a file. All but the 8-bit floats are written, too. */
export type StoredType =
  | 'U64' | 'I64' | 'F64' | 'C64' | 'F32' | 'U32' | 'I32' | 'BF16' | 'F16' | 'U16' | 'I16'
  | 'F8_E8M0' | 'F8_E4M3' | 'F8_E5M2' | 'I8' | 'U8' | 'BOOL'

/** How numbers of one type lie in a file, little-endian. */
interface Layout {
  /** Of one element of a tensor. */
  readonly bytes: number
  /** How many values it has; a complex number has two. Default: 1. */
  readonly values?: number
  readonly read: (bytes: Uint8Array) => StoredValues
  /** The bytes of values. Missing where numbers of this type are read only. */
  readonly write?: (values: ArrayLike<number | bigint>) => Uint8Array
}

interface TypedArray<T extends StoredValues> {
  readonly BYTES_PER_ELEMENT: number
  new (from: number | ArrayBuffer): T
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Each number with its bytes the other way round. */
export const swapped = (bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(bytes, (_, i) => bytes[i - (i % width) + width - 1 - (i % width)]!)

/** A copy of bytes that are little-endian in the order of this machine, or back. */
const inOrder = (bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> =>
  isLittleEndian ? new Uint8Array(bytes) : swapped(bytes, width)

const fill = <T extends StoredValues>(to: T, element: (i: number) => T[number]): T => {
  for (let i = 0; i < to.length; i++) to[i] = element(i)
  return to
}

/** Numbers as a typed array has them. */
const plain = <T extends StoredValues>(Values: TypedArray<T>, exact: (value: number | bigint) => T[number]): Layout => {
  const bytes = Values.BYTES_PER_ELEMENT
  return {
    bytes,
    read: (from) => new Values(inOrder(from, bytes).buffer),
    write: (values) => inOrder(new Uint8Array(fill(new Values(values.length), (i) => exact(values[i]!)).buffer), bytes),
  }
}

const [F32, U16, U8] = [plain(Float32Array, Number), plain(Uint16Array, Number), plain(Uint8Array, Number)]

/** Numbers that are read as float32, each from an integer whose bits mean it. */
const coded = (codes: Layout, decode: (code: number) => number, encode?: (value: number) => number): Layout => ({
  bytes: codes.bytes,
  read(bytes) {
    const from = codes.read(bytes)
    return fill(new Float32Array(from.length), (i) => decode(from[i] as number))
  },
  ...(encode && { write: (values) => codes.write!(Float64Array.from(values, (value) => encode(Number(value)))) }),
})

/**
 * The layout of each number type, the widest first; of one width, in the order in which the reference implementation
 * writes them.
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

/**
 * How many bits an element takes, of types that are read and of those that are known by their size alone; else nothing.
 */
export const bitsOf = (type: string): number | undefined =>
  isStoredType(type) ? 8 * layouts[type].bytes : { F4: 4, F6_E2M3: 6, F6_E3M2: 6 }[type]

/** The types of numbers that parameters may have. */
export const floats: readonly FloatType[] = ['F64', 'F32', 'F16', 'BF16']

/** The types of numbers that parameters may have. */
export type FloatType = 'F64' | 'F32' | 'F16' | 'BF16'

/** Whether a type is one that parameters may have. */
export const isFloat = (name: string): name is FloatType => (floats as readonly string[]).includes(name)
