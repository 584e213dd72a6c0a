/** A CRC with a polynomial given with reversed bits; `before` is the checksum of the preceding bytes. */
const checksum = (polynomial: number): ((bytes: Uint8Array, before?: number) => number) => {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? polynomial : 0)
    return remainder
  })
  return (bytes, before = 0) => {
    let remainder = ~before
    for (let i = 0; i < bytes.length; i++) remainder = (remainder >>> 8) ^ table[(remainder ^ bytes[i]!) & 0xff]!
    return ~remainder >>> 0
  }
}

/** The checksum of zip files and of checkpoints (ISO 3309). */
export const crc32: ReturnType<typeof checksum> = /* @__PURE__ */ checksum(0xedb88320)

/** The checksum of Castagnoli (RFC 3720, appendix B.4), of TFRecord files. */
export const crc32c: ReturnType<typeof checksum> = /* @__PURE__ */ checksum(0x82f63b78)
