import type { NamedTensor, NamedTensors } from '@recurra/tensor'
import { inMemory, type ByteSource } from '../byte-source.ts'
import { headerOf } from './header.ts'
import { storedTensor } from './stored-tensor.ts'

/** What a safetensors file holds. */
export interface Safetensors {
  /** By name, in the order of their bytes. */
  readonly tensors: NamedTensors
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
 * const file = writeSafetensors([{ name: 'bias', dtype: 'F32', shape: [2], read: () => [0.5, -1] }])
 * const { tensors } = readSafetensors(file)
 * console.log(tensors.get('bias')?.read()) // Float32Array(2) [ 0.5, -1 ]
 * ```
 *
 * Source: the safetensors format, huggingface/safetensors, README, "Format".
 * @throws `FormatError` if the file is not so; it says at which byte or name.
 */
export const readSafetensors = (file: Uint8Array): Safetensors => {
  const { tensors, metadata } = safetensorsIn(inMemory(file))
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata }
}

/** The tensors of a file, in the order of their bytes; nothing but its header is read before values are asked for. */
export const safetensorsIn = (file: ByteSource): Omit<Safetensors, 'tensors'> & { readonly tensors: NamedTensor[] } => {
  const { entries, metadata, start } = headerOf(file)
  const tensors = entries.map(({ begin, end, ...described }) =>
    storedTensor(described, () => file.bytes(start + begin, start + end)))
  return { tensors, metadata }
}
