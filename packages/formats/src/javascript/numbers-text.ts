/** Parameters as text, and the code that reads them: float32, little-endian, in base64. */
export const numbersText = (numbers: ReadonlyMap<string, Float32Array>): string => {
  const sizes = [...numbers].map(([name, { length }]) => [name, length])
  return `/** The parameters by name. */
const numbers = ((sizes, base64) => {
  const all = new Float32Array(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer)
  let end = 0
  return Object.fromEntries(sizes.map(([name, size]) => [name, all.subarray(end, (end += size))]))
})(${JSON.stringify(sizes)},
'${base64Of([...numbers.values()])}')`
}

const base64Of = (all: readonly Float32Array[]): string => {
  const view = new DataView(new ArrayBuffer(4 * all.reduce((sum, { length }) => sum + length, 0)))
  let at = 0
  for (const values of all) for (const value of values) view.setFloat32(4 * at++, value, true)
  const bytes = new Uint8Array(view.buffer)
  const most = 0x8000 // what a call takes as arguments
  const pieces = Array.from({ length: Math.ceil(bytes.length / most) }, (_, i) =>
    String.fromCharCode(...bytes.subarray(i * most, (i + 1) * most)),
  )
  return btoa(pieces.join(''))
}
