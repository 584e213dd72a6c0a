import { FormatError } from '../format-error.ts'
import { readHeader } from './header.ts'
import { storedTensor, type StoredTensor } from './stored-tensor.ts'

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** Texts that came with them. */
  readonly metadata: ReadonlyMap<string, string>
}

/** The cap of the reference implementation. */
const mostHeaderBytes = 100_000_000
const prefix = 8 // the length of the header, 64 bits

/**
 * Reads a safetensors file: the tensors by name, without copying them. Strict: each byte must belong to one tensor, each
 * name come once, each size be right. Needs memory for the names and sizes alone, whatever a file claims.
 *
 * ```ts
 * import { readSafetensors, writeSafetensors } from 'recurra'
 *
 * const file = writeSafetensors([{ name: 'bias', dtype: 'F32', shape: [2], values: [0.5, -1] }])
 * const { tensors } = readSafetensors(file)
 * console.log(tensors.get('bias')?.values()) // Float32Array(2) [ 0.5, -1 ]
 * ```
 *
 * Source: the safetensors format, huggingface/safetensors, README, "Format".
 * @throws `FormatError` if the file is not so; it says at which byte or name.
 */
export const readSafetensors = (file: Uint8Array): Safetensors => {
  const size = headerSize(file)
  const start = prefix + size
  const { entries, metadata } = readHeader(file.subarray(prefix, start), prefix, file.length - start)
  const tensors = entries.map(({ name, begin, end, ...entry }) => [name, storedTensor({ name, ...entry, bytes: file.subarray(start + begin, start + end) })] as const)
  return { tensors: new Map(tensors), metadata }
}

const headerSize = (file: Uint8Array): number => {
  if (file.length < prefix) throw fault(`at least ${prefix} bytes`, `${file.length}`)
  const size = new DataView(file.buffer, file.byteOffset, prefix).getBigUint64(0, true)
  if (size > mostHeaderBytes) throw fault(`a header of at most ${mostHeaderBytes} bytes`, `one of ${size}`)
  if (Number(size) > file.length - prefix) throw fault(`a header of ${size} bytes, as the first ${prefix} say`, `${file.length - prefix}`)
  return Number(size)
}

const fault = (expected: string, got: string): FormatError =>
  new FormatError({ where: 'safetensors', expected, got, fix: 'The file is cut off or not a safetensors file; get it again from where it came.' })
