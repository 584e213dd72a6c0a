/** FNV-1a over the bits of float64 numbers: any difference gives another number. `every` skips all but each n-th. */
export const hashOf = (lists: readonly ArrayLike<number>[], every = 1, from = 0): number => {
  let hash = 0x811c9dc5
  for (const list of lists)
    for (let i = from % every; i < list.length; i += every) {
      number[0] = list[i]!
      hash = Math.imul(Math.imul(hash ^ bits[0]!, 0x01000193) ^ bits[1]!, 0x01000193)
    }
  return hash >>> 0
}

const number = new Float64Array(1)
const bits = new Uint32Array(number.buffer)
