import { option, options, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { inMemory, type ByteSource } from '../byte-source.ts'
import { expectArchive } from '../foreign-files.ts'
import { FormatError } from '../errors.ts'
import { storedTensor } from '../safetensors/stored-tensor.ts'
import { longestBeginning, readNpy, readNpyHeader } from './npy.ts'
import { unpack, unpackBeginning } from '../zip/unpack.ts'
import { zipDirectory, type ZipEntry } from '../zip/zip-directory.ts'
import { zipFault } from '../zip/zip-fault.ts'

/** Options of `readNpz`. */
export interface ReadNpzOptions {
  /**
   * The maximum size of the unpacked file in bytes. Default: 16 MiB plus 16 times its size, which is enough for
   * weights.
   */
  readonly most?: number
}

/**
 * Reads an npz file of NumPy (`np.savez`, `np.savez_compressed`): its arrays by name. Strict: checksums and sizes must
 * be correct, no two arrays may share bytes, and no name may occur twice. A file that would unpack to more than `most`
 * bytes is rejected before it is unpacked. Reads floats, integers, bool and complex64; big-endian numbers are swapped,
 * and arrays in Fortran order are transposed. Other contents (strings, objects, structured types, other files) do not
 * make the arrays unreadable: they are listed with their types, and only their `read()` throws.
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
 * @throws `FormatError` if the file is invalid; the error names the position. If it is of another kind, such as a
 * PyTorch file, the error names the kind.
 * @throws `ConfigurationError` if `most` is not a number of at least 0.
 */
export const readNpz = (file: Uint8Array, given: ReadNpzOptions = {}): NamedTensors => {
  const source = inMemory(file)
  const { most } = options('readNpz', given, { most: option.nonNegative(worthy(source)) })
  const arrays = arraysIn(source)
  expectAtMost(most, [...arrays.values()].reduce((sum, entry) => sum + entry.size, 0))
  return new Map([...arrays].map(([name, entry]) => [name, arrayOf(name, entry, source)]))
}

/** The arrays of an npz file; only the header of each is read until its values are requested. */
export const npzIn = (file: ByteSource): NamedTensor[] =>
  [...arraysIn(file)].map(([name, entry]) => {
    const read = (): ReturnType<NamedTensor['read']> => {
      expectAtMost(worthy(file), entry.size)
      return arrayOf(name, entry, file).read()
    }
    if (!entry.isArray) return { name, dtype: otherFile, shape: [entry.size], read }
    const beginning = unpackBeginning(entry, file, longestBeginning)
    const { dtype, shape } = readNpyHeader(beginning, entry.size, name)
    return { name, dtype, shape, read }
  })

/** The maximum unpacked size of a file, unless the caller trusts it. */
const worthy = ({ size }: ByteSource): number => 16 * (size + 2 ** 20)

const expectAtMost = (most: number, size: number): void => {
  if (size <= most) return
  throw new FormatError({
    where: 'npz, the directory',
    expected: `at most ${most} bytes, once unpacked`,
    got: String(size),
    fix: `If you trust the file, pass { most: ${size} } to readNpz.`,
  })
}

/** A file in an npz file, and whether it is an array; others keep their full names. */
interface ArrayEntry extends ZipEntry {
  readonly isArray: boolean
}

/** The type listed for a file that is not an array. */
const otherFile = 'another file'

const arrayOf = (name: string, entry: ArrayEntry, file: ByteSource): NamedTensor => {
  const bytes = unpack(entry, file)
  return entry.isArray
    ? readNpy(bytes, name)
    : storedTensor({ name, dtype: otherFile, shape: [bytes.length] }, () => bytes)
}

/**
 * The files of an npz file by the names of their arrays; checks that no file is of another kind and no name occurs
 * twice.
 */
const arraysIn = (file: ByteSource): ReadonlyMap<string, ArrayEntry> => {
  const all = zipDirectory(file, 'npz')
  expectArchive(all.map(({ name }) => name), 'npz', 'an npz file')
  const arrays = new Map<string, ArrayEntry>()
  for (const entry of all) {
    const name = entry.name.replace(/\.npy$/, '')
    if (name === '__proto__' || arrays.has(name))
      throw zipFault('npz', JSON.stringify(name), 'distinct names', 'this one again')
    arrays.set(name, { ...entry, isArray: name !== entry.name })
  }
  if (all.length > 0 && ![...arrays.values()].some(({ isArray }) => isArray))
    throw zipFault('npz', 'the directory', 'arrays, each in a file NAME.npy', 'other files alone')
  return arrays
}
