import type { ByteSource } from '../byte-source.ts'
import { zipDirectory, zipFault, type ZipEntry } from './zip-directory.ts'

/** The arrays of an npz file by name, each as the file that it is in there. */
export const arraysIn = (file: ByteSource): ReadonlyMap<string, ZipEntry> => {
  const arrays = new Map<string, ZipEntry>()
  for (const entry of zipDirectory(file)) {
    const name = entry.name.replace(/\.npy$/, '')
    if (name === entry.name) throw zipFault(JSON.stringify(name), 'arrays alone, each in a file NAME.npy', 'another file')
    if (name === '__proto__' || arrays.has(name)) throw zipFault(JSON.stringify(name), 'names that can be told apart', 'this one again')
    arrays.set(name, entry)
  }
  return arrays
}
