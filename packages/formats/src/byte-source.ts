/** Bytes of which a part can be had without the rest: those of a file, or some in memory. */
export interface ByteSource {
  readonly size: number
  /** The bytes from one place to another; fewer where it ends before. */
  bytes(from: number, to: number): Uint8Array
}

/** Bytes that are in memory: views, no copies. */
export const inMemory = (all: Uint8Array): ByteSource => ({
  size: all.length,
  bytes: (from, to) => all.subarray(from, to),
})
