import type { ByteSource } from '../byte-source.ts'
import type { TensorHeader } from '../tensor-header.ts'
import { arraysIn } from './arrays-in.ts'
import { longestBeginning, readNpyHeader } from './npy.ts'
import { unpackBeginning } from './unpack.ts'

/** What an npz file says of its arrays; of each, only the beginning is read. */
export const npzHeaders = (file: ByteSource): TensorHeader[] =>
  [...arraysIn(file)].map(([name, entry]) => {
    if (!entry.isArray) return { name, dtype: 'another file', shape: [entry.size], bytes: entry.size }
    const { dtype, shape, begin } = readNpyHeader(unpackBeginning(entry, file, longestBeginning), entry.size, name)
    return { name, dtype, shape, bytes: entry.size - begin }
  })
