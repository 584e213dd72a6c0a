import { isRecord } from '@recurra/tensor'
import { joined } from './joined.ts'

/** Bytes that can be read in parts: a file, which may be larger than memory, or bytes in memory. */
export interface ByteSource {
  /** The number of bytes. */
  readonly size: number
  /**
   * The bytes from one position to another; fewer if the source ends before.
   * @throws `StorageError` if it is a file that cannot be read.
   * @throws `MemoryError` if there is no memory for a part of a file.
   */
  bytes(from: number, to: number): Uint8Array
}

/** Bytes that are in memory: views, no copies. */
export const inMemory = (all: Uint8Array): ByteSource => ({
  size: all.length,
  bytes: (from, to) => all.subarray(from, to),
})

/** Whether a value is bytes that can be read in parts. */
export const isByteSource = (value: unknown): value is ByteSource =>
  isRecord(value) && Number.isSafeInteger(value['size']) && typeof value['bytes'] === 'function'

/** Sources one after the other, as one. */
export const inOrder = (parts: readonly ByteSource[]): ByteSource => {
  const ends = parts.reduce<number[]>((all, { size }) => [...all, (all.at(-1) ?? 0) + size], [])
  return {
    size: ends.at(-1) ?? 0,
    bytes: (from, to) => joined(parts.flatMap((part, i) => {
      const begin = ends[i]! - part.size
      return from < ends[i]! && to > begin ? [part.bytes(Math.max(0, from - begin), to - begin)] : []
    })),
  }
}
