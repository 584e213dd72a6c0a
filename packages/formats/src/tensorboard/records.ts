import { crc32c } from '../crc.ts'

/** Rotated and shifted, because checksums of data that contains checksums are weak. */
const masked = (bytes: Uint8Array): number => {
  const sum = crc32c(bytes)
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0
}

/**
 * A record of a TFRecord file: its 64-bit length with a checksum, then the data with a checksum.
 *
 * Source: tensorflow/core/lib/io/record_writer.h.
 */
export const record = (data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(12 + data.length + 4)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, masked(bytes.subarray(0, 8)), true)
  bytes.set(data, 12)
  view.setUint32(12 + data.length, masked(data), true)
  return bytes
}
