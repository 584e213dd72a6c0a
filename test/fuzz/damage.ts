import type { Random } from '@recurra/tensor'

const fragments = ['{', '}', '[', ']', '"', ':', ',', '\\', '0', '9007199254740993', '-1', '1e9', ' ', '\\u005f', '"F16"', '"BOOL"', '__proto__', '__metadata__', 'data_offsets']
  .map((text) => new TextEncoder().encode(text))

/** A copy of a file with up to eight changes: bytes set, cut out, doubled, swapped, or pieces of JSON put in. */
export const damage = (file: Uint8Array, random: Random): Uint8Array => {
  let bytes = Uint8Array.from(file)
  for (let changes = 1 + random.integer(1 + random.integer(8)); changes > 0 && bytes.length > 0; changes--) {
    const at = random.integer(bytes.length)
    const end = at + random.integer(Math.min(24, bytes.length - at) + 1)
    const pieces = [
      () => [bytes.subarray(0, at), Uint8Array.of(random.integer(256)), bytes.subarray(at + 1)],
      () => [bytes.subarray(0, at), bytes.subarray(end)],
      () => [bytes.subarray(0, end), bytes.subarray(at)],
      () => [bytes.subarray(0, at), fragments[random.integer(fragments.length)]!, bytes.subarray(at)],
      () => [bytes.subarray(0, at), fragments[random.integer(fragments.length)]!, bytes.subarray(end)],
      () => [bytes.subarray(0, at)],
    ]
    bytes = joined(pieces[random.integer(pieces.length)]!())
  }
  return random.integer(2) ? withHeaderLength(bytes) : bytes
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** The length of the header put right again, so that what is in it gets read: it ends where the last brace does. */
const withHeaderLength = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => {
  const length = bytes.lastIndexOf(0x7d) - 7
  if (bytes.length >= 8 && length > 0) new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  return bytes
}
