import type { NamedTensor, NamedTensors } from '@recurra/tensor'
import { inMemory, type ByteSource } from '../byte-source.ts'
import { headerOf } from './header.ts'
import { storedTensor } from './stored-tensor.ts'

/** The contents of a safetensors file. */
export interface Safetensors {
  /** The tensors by name, in the order of their bytes. */
  readonly tensors: NamedTensors
  /** The metadata of the file. */
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Reads a safetensors file: the tensors by name, without copying them. Strict: each byte must belong to one tensor,
 * each name must occur once, and each size must be correct. It needs memory only for names and sizes, whatever a file
 * claims.
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
 * @throws `FormatError` if the file is invalid; the error names the byte or the tensor.
 */
export const readSafetensors = (file: Uint8Array): Safetensors => {
  const { tensors, metadata } = safetensorsIn(inMemory(file))
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata }
}

/** The tensors of a file, in the order of their bytes; only the header is read until values are requested. */
export const safetensorsIn = (file: ByteSource): Omit<Safetensors, 'tensors'> & { readonly tensors: NamedTensor[] } => {
  const { entries, metadata, start } = headerOf(file)
  const tensors = entries.map(({ begin, end, ...described }) =>
    storedTensor(described, () => file.bytes(start + begin, start + end)))
  return { tensors, metadata }
}
