const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0)
  return remainder
})

/** The checksum of zip files and of checkpoints (ISO 3309); `before` is that of the bytes that came before these. */
export const crc32 = (bytes: Uint8Array, before = 0): number => {
  let remainder = ~before
  for (let i = 0; i < bytes.length; i++) remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[i]!) & 0xff]!
  return ~remainder >>> 0
}
