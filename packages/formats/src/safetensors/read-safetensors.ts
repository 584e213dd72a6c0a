import { inMemory } from '../byte-source.ts'
import { fileHeader } from './file-header.ts'
import { storedTensor, type StoredTensor } from './stored-tensor.ts'

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>
  /** Texts that came with them. */
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Reads a safetensors file: the tensors by name, without copying them. Strict: each byte must belong to one tensor,
 * each name come once, each size be right. Needs memory for the names and sizes alone, whatever a file claims.
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
  const { entries, metadata, start } = fileHeader(inMemory(file))
  const tensors = entries.map(
    ({ name, begin, end, ...entry }) =>
      [name, storedTensor({ name, ...entry, bytes: file.subarray(start + begin, start + end) })] as const,
  )
  return { tensors: new Map(tensors), metadata }
}
