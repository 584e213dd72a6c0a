const lengthOf = (all: readonly { readonly length: number }[]): number =>
  all.reduce((sum, { length }) => sum + length, 0)

/** Float32 and then int8 as base64, little-endian. */
export const base64Of = (all: readonly Float32Array[], integers: readonly Int8Array[] = []): string => {
  const view = new DataView(new ArrayBuffer(4 * lengthOf(all) + lengthOf(integers)))
  let at = 0
  for (const values of all) for (const value of values) view.setFloat32(4 * at++, value, true)
  const bytes = new Uint8Array(view.buffer)
  let end = 4 * at
  for (const one of integers) {
    bytes.set(new Uint8Array(one.buffer, one.byteOffset, one.length), end)
    end += one.length
  }
  const most = 0x8000 // what a call takes as arguments
  const pieces = Array.from({ length: Math.ceil(bytes.length / most) }, (_, i) =>
    String.fromCharCode(...bytes.subarray(i * most, (i + 1) * most)),
  )
  return btoa(pieces.join(''))
}
