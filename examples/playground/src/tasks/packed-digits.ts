/** Pixels of a row, and rows. */
export const side = 14
const size = side * side

/** A small image of a digit. */
export interface Digit {
  /** From 0 to 1: [14, 14]. */
  readonly rows: number[][]
  readonly label: number
}

/** Every image in half as many pixels each way, a byte per pixel; the label comes first. */
export const packDigits = (
  images: readonly { readonly pixels: ArrayLike<number>; readonly label: number }[],
): Uint8Array => {
  const packed = new Uint8Array(images.length * (size + 1))
  images.forEach(({ pixels, label }, i) => {
    const at = i * (size + 1)
    packed[at] = label
    for (let p = 0; p < size; p++) {
      const from = Math.floor(p / side) * 2 * 2 * side + (p % side) * 2
      packed[at + 1 + p] = Math.round(
        (255 / 4) * (pixels[from]! + pixels[from + 1]! + pixels[from + 2 * side]! + pixels[from + 2 * side + 1]!),
      )
    }
  })
  return packed
}

/** What was packed. */
export const unpackDigits = (packed: Uint8Array): Digit[] =>
  Array.from({ length: Math.floor(packed.length / (size + 1)) }, (_, i) => {
    const at = i * (size + 1)
    const row = (r: number): number[] =>
      Array.from(packed.subarray(at + 1 + r * side, at + 1 + (r + 1) * side), (byte) => byte / 255)
    return { label: packed[at]!, rows: Array.from({ length: side }, (__, r) => row(r)) }
  })
