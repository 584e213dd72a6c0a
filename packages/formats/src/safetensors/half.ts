const scratch = new DataView(new ArrayBuffer(4))

/** The number of a pattern with so many bits for its exponent and its fraction, where it is finite. */
const finite = (pattern: number, exponentBits: number, fractionBits: number): number => {
  const [one, bias] = [2 ** fractionBits, 2 ** (exponentBits - 1) - 1]
  const [exponent, fraction] = [(pattern >> fractionBits) % 2 ** exponentBits, (pattern % one) / one]
  const magnitude = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias)
  return pattern >> (exponentBits + fractionBits) ? -magnitude : magnitude
}

/** The number that 16 bits of IEEE 754 half precision stand for: 1 sign, 5 exponent, 10 fraction. */
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

/** The number that 8 bits of F8_E4M3 stand for: 1 sign, 4 exponent, 3 fraction; without infinities. */
export const fromFloat8 = (byte: number): number => ((byte & 0x7f) === 0x7f ? Number.NaN : finite(byte, 4, 3))
