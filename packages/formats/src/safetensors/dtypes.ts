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
  readonly read: (from: DataView, count: number) => StoredValues
  /** Missing where numbers of this type are read only. */
  readonly write?: (to: DataView, at: number, value: number | bigint) => void
}

const fill = <T extends StoredValues>(to: T, element: (i: number) => T[number]): T => {
  for (let i = 0; i < to.length; i++) to[i] = element(i)
  return to
}

/**
 * The layout of each number type, the widest first; of one width, in the order in which the reference implementation
 * writes them.
 */
export const layouts: { readonly [T in StoredType]: Layout } = {
  U64: {
    bytes: 8,
    read: (from, n) => fill(new BigUint64Array(n), (i) => from.getBigUint64(8 * i, true)),
    write: (to, at, value) => to.setBigUint64(at, BigInt(value), true),
  },
  I64: {
    bytes: 8,
    read: (from, n) => fill(new BigInt64Array(n), (i) => from.getBigInt64(8 * i, true)),
    write: (to, at, value) => to.setBigInt64(at, BigInt(value), true),
  },
  F64: {
    bytes: 8,
    read: (from, n) => fill(new Float64Array(n), (i) => from.getFloat64(8 * i, true)),
    write: (to, at, value) => to.setFloat64(at, Number(value), true),
  },
  C64: {
    bytes: 8,
    values: 2,
    read: (from, n) => fill(new Float32Array(2 * n), (i) => from.getFloat32(4 * i, true)),
    write: (to, at, value) => to.setFloat32(at, Number(value), true),
  },
  F32: {
    bytes: 4,
    read: (from, n) => fill(new Float32Array(n), (i) => from.getFloat32(4 * i, true)),
    write: (to, at, value) => to.setFloat32(at, Number(value), true),
  },
  U32: {
    bytes: 4,
    read: (from, n) => fill(new Uint32Array(n), (i) => from.getUint32(4 * i, true)),
    write: (to, at, value) => to.setUint32(at, Number(value), true),
  },
  I32: {
    bytes: 4,
    read: (from, n) => fill(new Int32Array(n), (i) => from.getInt32(4 * i, true)),
    write: (to, at, value) => to.setInt32(at, Number(value), true),
  },
  BF16: {
    bytes: 2,
    read: (from, n) => fill(new Float32Array(n), (i) => fromBFloat(from.getUint16(2 * i, true))),
    write: (to, at, value) => to.setUint16(at, toBFloat(Number(value)), true),
  },
  F16: {
    bytes: 2,
    read: (from, n) => fill(new Float32Array(n), (i) => fromHalf(from.getUint16(2 * i, true))),
    write: (to, at, value) => to.setUint16(at, toHalf(Number(value)), true),
  },
  U16: {
    bytes: 2,
    read: (from, n) => fill(new Uint16Array(n), (i) => from.getUint16(2 * i, true)),
    write: (to, at, value) => to.setUint16(at, Number(value), true),
  },
  I16: {
    bytes: 2,
    read: (from, n) => fill(new Int16Array(n), (i) => from.getInt16(2 * i, true)),
    write: (to, at, value) => to.setInt16(at, Number(value), true),
  },
  F8_E8M0: {
    bytes: 1,
    read: (from, n) =>
      fill(new Float32Array(n), (i) => (from.getUint8(i) === 255 ? Number.NaN : 2 ** (from.getUint8(i) - 127))),
  },
  F8_E4M3: { bytes: 1, read: (from, n) => fill(new Float32Array(n), (i) => fromFloat8(from.getUint8(i))) },
  F8_E5M2: { bytes: 1, read: (from, n) => fill(new Float32Array(n), (i) => fromHalf(from.getUint8(i) << 8)) },
  I8: {
    bytes: 1,
    read: (from, n) => fill(new Int8Array(n), (i) => from.getInt8(i)),
    write: (to, at, value) => to.setInt8(at, Number(value)),
  },
  U8: {
    bytes: 1,
    read: (from, n) => fill(new Uint8Array(n), (i) => from.getUint8(i)),
    write: (to, at, value) => to.setUint8(at, Number(value)),
  },
  BOOL: {
    bytes: 1,
    read: (from, n) => fill(new Uint8Array(n), (i) => (from.getUint8(i) === 0 ? 0 : 1)),
    write: (to, at, value) => to.setUint8(at, Number(value) === 0 ? 0 : 1),
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
