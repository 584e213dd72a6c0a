/** The bytes of a module under construction: one flat list, because spreading nested ones is 30 times slower. */
export type Bytes = number[]

/** An unsigned integer in LEB128. */
export const unsigned = (to: Bytes, value: number): void => {
  let rest = value
  while (rest > 0x7f) {
    to.push((rest & 0x7f) | 0x80)
    rest = Math.floor(rest / 128)
  }
  to.push(rest)
}

/** A signed 32-bit number in LEB128. */
export const signed = (to: Bytes, value: number): void => {
  let rest = value | 0
  for (;;) {
    const low = rest & 0x7f
    rest >>= 7
    if ((rest === 0 && !(low & 0x40)) || (rest === -1 && low & 0x40)) return void to.push(low)
    to.push(low | 0x80)
  }
}

/** A 32-bit word, lowest byte first. */
export const word = (bits: number): Bytes => [bits & 0xff, (bits >> 8) & 0xff, (bits >> 16) & 0xff, bits >>> 24]

const scratch = new DataView(new ArrayBuffer(4))

/** The bits of a number in float32. */
export const floatBits = (value: number): number => {
  scratch.setFloat32(0, value)
  return scratch.getInt32(0)
}

/** A length in front of what it counts. */
export const sized = (to: Bytes, write: (inside: Bytes) => void): void => {
  const inside: Bytes = []
  write(inside)
  unsigned(to, inside.length)
  for (const byte of inside) to.push(byte)
}

/** A count in front of the items. */
export const list = <T>(to: Bytes, items: readonly T[], write: (item: T, index: number) => void): void => {
  unsigned(to, items.length)
  items.forEach(write)
}

export const name = (to: Bytes, text: string): void => list(to, [...text], (letter) => to.push(letter.charCodeAt(0)))
