import { fromBFloat, fromHalf, toBFloat, toHalf } from './half.ts'

/** Numbers of a stored tensor: half precision is read as float32, 64-bit whole numbers as bigint. */
export type StoredValues = Float64Array | Float32Array | BigInt64Array | Int32Array | Uint8Array

/** The number types that are read and written, by their names in a file. */
export type StoredType = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'U8' | 'BOOL'

/** How numbers of one type lie in a file, little-endian. */
interface Layout {
  /** Of one number. */
  readonly bytes: number
  readonly read: (from: DataView, count: number) => StoredValues
  readonly write: (to: DataView, at: number, value: number | bigint) => void
}

const fill = <T extends StoredValues>(to: T, element: (i: number) => T[number]): T => {
  for (let i = 0; i < to.length; i++) to[i] = element(i)
  return to
}

/** The layout of each number type. */
export const layouts: { readonly [T in StoredType]: Layout } = {
  F64: {
    bytes: 8,
    read: (from, n) => fill(new Float64Array(n), (i) => from.getFloat64(8 * i, true)),
    write: (to, at, value) => to.setFloat64(at, Number(value), true),
  },
  F32: {
    bytes: 4,
    read: (from, n) => fill(new Float32Array(n), (i) => from.getFloat32(4 * i, true)),
    write: (to, at, value) => to.setFloat32(at, Number(value), true),
  },
  F16: {
    bytes: 2,
    read: (from, n) => fill(new Float32Array(n), (i) => fromHalf(from.getUint16(2 * i, true))),
    write: (to, at, value) => to.setUint16(at, toHalf(Number(value)), true),
  },
  BF16: {
    bytes: 2,
    read: (from, n) => fill(new Float32Array(n), (i) => fromBFloat(from.getUint16(2 * i, true))),
    write: (to, at, value) => to.setUint16(at, toBFloat(Number(value)), true),
  },
  I64: {
    bytes: 8,
    read: (from, n) => fill(new BigInt64Array(n), (i) => from.getBigInt64(8 * i, true)),
    write: (to, at, value) => to.setBigInt64(at, BigInt(value), true),
  },
  I32: {
    bytes: 4,
    read: (from, n) => fill(new Int32Array(n), (i) => from.getInt32(4 * i, true)),
    write: (to, at, value) => to.setInt32(at, Number(value), true),
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
