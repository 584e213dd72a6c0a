import { option, options } from '@recurra/tensor'
import { inMemory } from '../byte-source.ts'
import { FormatError } from '../format-error.ts'
import type { StoredTensor } from '../safetensors/stored-tensor.ts'
import { storedTensor } from '../safetensors/stored-tensor.ts'
import { arraysIn } from './arrays-in.ts'
import { readNpy } from './npy.ts'
import { unpack } from './unpack.ts'

/** Options of `readNpz`. */
export interface ReadNpzOptions {
  /**
   * The most bytes that may come out of the file. Default: 16 MiB and 16 times its size, which is enough for weights.
   */
  readonly most?: number
}

/**
 * Reads an npz file of NumPy (`np.savez`, `np.savez_compressed`): its arrays by name. Strict: checksums and sizes must
 * be right, no bytes be shared, no name come twice. A file that would swell to more than it warrants is refused before
 * it is unpacked. Takes floats, integers, bool and complex64; big-endian numbers are swapped, and arrays in the order
 * of Fortran transposed. What else may lie there (texts, objects, structures, other files) makes no array unreadable:
 * it is listed with its type, and only its `values()` throw.
 *
 * ```ts
 * import { dense, loadParameters, lstm, parametersOf, sequential } from 'recurra'
 * import { readNpz, writeNpz } from 'recurra/npz'
 *
 * const model = sequential(4, [lstm(8), dense(2)])
 * const file = writeNpz(parametersOf(model)) // in NumPy: np.load('model.npz')['0.weight']
 * loadParameters(model, readNpz(file))
 * console.log(readNpz(file).get('0.weight')?.shape) // [4, 32]
 * ```
 * @throws `FormatError` if the file is not so; it says where. A file of another kind, such as one of PyTorch, is named.
 * @throws `ConfigurationError` if `most` is not a number of at least 0.
 */
export const readNpz = (file: Uint8Array, given: ReadNpzOptions = {}): ReadonlyMap<string, StoredTensor> => {
  const { most } = options('readNpz', given, { most: option.nonNegative(16 * (file.length + 2 ** 20)) })
  const source = inMemory(file)
  const arrays = arraysIn(source)
  const size = [...arrays.values()].reduce((sum, entry) => sum + entry.size, 0)
  if (size > most)
    throw new FormatError({
      where: 'npz, the directory', expected: `at most ${most} bytes, once unpacked`, got: String(size),
      fix: `If you trust the file, pass { most: ${size} }.`,
    })
  return new Map([...arrays].map(([name, entry]) => {
    const bytes = unpack(entry, source)
    return [
      name,
      storedTensor({
        name,
        ...(entry.isArray ? readNpy(bytes, name) : { dtype: 'another file', shape: [bytes.length], bytes }),
      }),
    ]
  }))
}
