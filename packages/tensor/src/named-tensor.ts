/**
 * A tensor with a name, as in files, checkpoints and imports. Its values are read on demand, so that a large file can
 * be listed without reading it.
 *
 * ```ts
 * import { readSafetensors, writeSafetensors, type NamedTensor } from 'recurra'
 *
 * const bias: NamedTensor = { name: 'bias', dtype: 'F32', shape: [2], read: () => [0.5, -1] }
 * const { tensors } = readSafetensors(writeSafetensors([bias]))
 * console.log(tensors.get('bias')?.read()) // Float32Array(2) [ 0.5, -1 ]
 * ```
 */
export interface NamedTensor {
  /** Its name, such as `0.weight`. */
  readonly name: string
  /** The number type: `F32`, `F64`, `BF16`, `I64` …, as in safetensors. */
  readonly dtype: string
  /** The sizes of its axes; empty for a single number. */
  readonly shape: readonly number[]
  /**
   * Its values, row-major. Integers of 64 bits are bigints; a complex number is two values, one after the other.
   * @throws `FormatError` if it comes from a file, and its number type cannot be read.
   */
  readonly read: () => ArrayLike<number> | ArrayLike<bigint>
}

/** Tensors by name, as in a file. */
export type NamedTensors = ReadonlyMap<string, NamedTensor>
