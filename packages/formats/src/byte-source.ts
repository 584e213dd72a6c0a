/** Bytes that can be read in parts: a file, or bytes in memory. */
export interface ByteSource {
  readonly size: number
  /** The bytes from one position to another; fewer if the source ends before. */
  bytes(from: number, to: number): Uint8Array
}

/** Bytes that are in memory: views, no copies. */
export const inMemory = (all: Uint8Array): ByteSource => ({
  size: all.length,
  bytes: (from, to) => all.subarray(from, to),
})
