import type { ByteSource } from '../byte-source.ts'
import { expectArchive } from '../foreign-files.ts'
import { zipDirectory, zipFault, type ZipEntry } from './zip-directory.ts'

/** A file in an npz file, and whether it is an array; others are kept under their whole names. */
export interface ArrayEntry extends ZipEntry {
  readonly isArray: boolean
}

/**
 * The arrays of an npz file by name, each as the file that it is in there.
 * @throws `FormatError` if it is a zip file of another kind, or a name comes twice.
 */
export const arraysIn = (file: ByteSource): ReadonlyMap<string, ArrayEntry> => {
  const all = zipDirectory(file)
  expectArchive(all.map(({ name }) => name), 'npz', 'an npz file')
  const arrays = new Map<string, ArrayEntry>()
  for (const entry of all) {
    const name = entry.name.replace(/\.npy$/, '')
    if (name === '__proto__' || arrays.has(name))
      throw zipFault(JSON.stringify(name), 'names that can be told apart', 'this one again')
    arrays.set(name, { ...entry, isArray: name !== entry.name })
  }
  if (all.length > 0 && ![...arrays.values()].some(({ isArray }) => isArray))
    throw zipFault('the directory', 'arrays, each in a file NAME.npy', 'other files alone')
  return arrays
}
