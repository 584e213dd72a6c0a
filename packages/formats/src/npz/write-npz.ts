import { option, options, type NamedTensor } from '@recurra/tensor'
import { expectDistinctNames } from '../named-tensors.ts'
import { writeZip } from '../zip/write-zip.ts'
import { writeNpy } from './npy.ts'

/** Options of `writeNpz`. */
export interface WriteNpzOptions {
  /** Whether the file is compressed, as by `np.savez_compressed`. Default: false, because weights hardly compress. */
  readonly compress?: boolean
}

/**
 * Writes tensors as an npz file for `np.load`.
 *
 * ```ts
 * import { readNpz, writeNpz } from 'recurra/npz'
 *
 * const file = writeNpz([{ name: 'x', dtype: 'F32', shape: [2], read: () => [1, 2] }], { compress: true })
 * console.log(readNpz(file).get('x')?.read()) // [1, 2]
 * ```
 * @throws `ValueError` if a name occurs twice, NumPy lacks a type, a number would change in its type, or the file
 * exceeds 4 GiB.
 * @throws `ShapeError` if values do not fill their shape.
 * @throws `ConfigurationError` if an option is unknown.
 */
export const writeNpz = (tensors: Iterable<NamedTensor>, given: WriteNpzOptions = {}): Uint8Array => {
  const { compress } = options('writeNpz', given, { compress: option.flag(false) })
  const all = [...tensors]
  expectDistinctNames(all, 'writeNpz')
  const files = all.map((tensor) => [`${tensor.name}.npy`, writeNpy(tensor)] as const)
  return writeZip(files, 'writeNpz', compress)
}
