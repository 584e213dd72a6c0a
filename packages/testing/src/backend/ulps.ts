import type { DType } from '@recurra/tensor'

const bits32 = new Int32Array(1)
const float32 = new Float32Array(bits32.buffer)
const bits64 = new BigInt64Array(1)
const float64 = new Float64Array(bits64.buffer)

/** The rank of a number among all numbers of its type: neighbors differ by 1, and 0 has rank 0. */
const places: Readonly<Record<DType, (value: number) => bigint>> = {
  float32: (value) => {
    float32[0] = value
    return BigInt(bits32[0]! < 0 ? -0x80000000 - bits32[0]! : bits32[0]!)
  },
  float64: (value) => {
    float64[0] = value
    return bits64[0]! < 0n ? -0x8000000000000000n - bits64[0]! : bits64[0]!
  },
}

/**
 * The number of steps between two numbers, from one representable number to the next. NaN equals only NaN, and 0 is not
 * -0.
 */
export const ulpsBetween = (a: number, b: number, dtype: DType): number => {
  if (Object.is(a, b)) return 0
  if (Number.isNaN(a) || Number.isNaN(b) || a === b) return Number.POSITIVE_INFINITY
  const distance = places[dtype](a) - places[dtype](b)
  return Number(distance < 0n ? -distance : distance)
}

/** The distance from 1 to the next number. */
export const epsilon: Readonly<Record<DType, number>> = { float32: 2 ** -23, float64: 2 ** -52 }

/** The smallest normal number. */
export const smallestNormal: Readonly<Record<DType, number>> = { float32: 2 ** -126, float64: 2 ** -1022 }

/** The nearest number of a type. */
export const rounded = (value: number, dtype: DType): number => (dtype === 'float32' ? Math.fround(value) : value)
