const scratch = new DataView(new ArrayBuffer(4))

/** The number of a finite bit pattern with these numbers of exponent and fraction bits. */
const finite = (pattern: number, exponentBits: number, fractionBits: number): number => {
  const [one, bias] = [2 ** fractionBits, 2 ** (exponentBits - 1) - 1]
  const [exponent, fraction] = [(pattern >> fractionBits) % 2 ** exponentBits, (pattern % one) / one]
  const magnitude = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias)
  return pattern >> (exponentBits + fractionBits) ? -magnitude : magnitude
}

/** Decodes 16 bits of IEEE 754 half precision: 1 sign, 5 exponent, 10 fraction. */
export const fromHalf = (half: number): number => {
  if ((half & 0x7c00) !== 0x7c00) return finite(half, 5, 10)
  return half & 0x3ff ? Number.NaN : half & 0x8000 ? -Infinity : Infinity
}

/** The nearest half, ties to even; beyond 65,504 infinity. */
export const toHalf = (value: number): number => {
  const sign = Object.is(Math.sign(value), -0) || value < 0 ? 0x8000 : 0
  const magnitude = Math.abs(value)
  if (Number.isNaN(value)) return 0x7e00
  if (magnitude >= 65520) return sign | 0x7c00
  // Halves with the same exponent are equally spaced; subnormals have the spacing of the smallest exponent.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 1e-30)))
  const steps = roundToEven(magnitude / 2 ** (exponent - 10))
  return sign | ((exponent + 14) * 1024 + steps)
}

const roundToEven = (value: number): number => {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

/** Decodes bfloat16, the upper half of a float32. */
export const fromBFloat = (upper: number): number => {
  scratch.setUint32(0, upper << 16)
  return scratch.getFloat32(0)
}

/** The nearest bfloat16, ties to even. */
export const toBFloat = (value: number): number => {
  if (Number.isNaN(value)) return 0x7fc0
  scratch.setFloat32(0, value)
  const pattern = scratch.getUint32(0)
  return (pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16
}

/** Decodes 8 bits of F8_E4M3: 1 sign, 4 exponent, 3 fraction; without infinities. */
export const fromFloat8 = (byte: number): number => ((byte & 0x7f) === 0x7f ? Number.NaN : finite(byte, 4, 3))
