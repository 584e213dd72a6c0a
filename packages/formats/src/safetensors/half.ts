const [float, bits] = ((): [Float32Array, Uint32Array] => {
  const memory = new ArrayBuffer(4)
  return [new Float32Array(memory), new Uint32Array(memory)]
})()

const floatOf = (pattern: number): number => {
  bits[0] = pattern
  return float[0]!
}
const bitsOf = (value: number): number => {
  float[0] = value
  return bits[0]!
}

/** The number that 16 bits of IEEE 754 half precision stand for: 1 sign, 5 exponent, 10 fraction. */
export const fromHalf = (half: number): number => {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The nearest half, ties to even; beyond 65,504 infinity. */
export const toHalf = (value: number): number => {
  const sign = Object.is(Math.sign(value), -0) || value < 0 ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (magnitude >= 65520) return sign | 0x7c00
  // Halves of one exponent are equally far apart, and those below the smallest exponent as far as those of it.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 1e-30)))
  const steps = roundToEven(magnitude / 2 ** (exponent - 10))
  return sign | ((exponent + 14) * 1024 + steps)
}

const roundToEven = (value: number): number => {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

/** The number that the upper half of a float32 stands for. */
export const fromBFloat = (upper: number): number => floatOf((upper << 16) >>> 0)

/** The nearest bfloat16, ties to even. */
export const toBFloat = (value: number): number => {
  if (Number.isNaN(value)) return 0x7fc0
  const pattern = bitsOf(value)
  return (pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16
}

/** The number that 8 bits of F8_E4M3 stand for: 1 sign, 4 exponent, 3 fraction; without infinities. */
export const fromFloat8 = (byte: number): number => {
  const sign = byte & 0x80 ? -1 : 1
  const [exponent, fraction] = [(byte >> 3) & 0xf, byte & 7]
  if (exponent === 15 && fraction === 7) return Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -9 : sign * (1 + fraction / 8) * 2 ** (exponent - 7)
}
