import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { ByteSource } from '../byte-source.ts'
import { FormatError } from '../format-error.ts'
import { fileHeader } from '../safetensors/file-header.ts'
import type { TensorHeader } from '../tensor-header.ts'
import { orStorageError } from './files.ts'

/** What a file of tensors says of them. */
export interface TensorHeaders {
  /** How many bytes the file has. */
  readonly bytes: number
  /** Its tensors, in their order. */
  readonly tensors: readonly TensorHeader[]
  /** Texts that came with them. */
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Reads what a safetensors or npz file says of its tensors, and none of their numbers: a large model takes no longer
 * than a small one. Which of the two it is, its first bytes say.
 *
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { dense, lstm, sequential } from 'recurra'
 * import { readTensorHeaders, saveModel } from 'recurra/disk'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'model-'))
 * await saveModel(folder, sequential(4, [lstm(8), dense(2)]))
 * const { tensors } = await readTensorHeaders(join(folder, 'model.safetensors'))
 * console.log(tensors[0]) // { name: '0.bias', dtype: 'F32', shape: [ 32 ], bytes: 128 }
 * ```
 * @throws `FormatError` if it is no such file, or damaged where it was read; it names the file.
 * @throws `StorageError` if it cannot be read.
 */
export const readTensorHeaders = (path: string): Promise<TensorHeaders> =>
  orStorageError(path, 'read', async () => {
    const file = openSync(path, 'r')
    try {
      return await headersOf(sourceOf(file))
    } catch (error) {
      if (!(error instanceof FormatError)) throw error
      throw new FormatError({ ...error, where: `${path}, ${error.where}` })
    } finally {
      closeSync(file)
    }
  })

const headersOf = async (file: ByteSource): Promise<TensorHeaders> => {
  const [first, second] = file.bytes(0, 2)
  if (first === 0x50 && second === 0x4b) // "PK"
    return { bytes: file.size, tensors: (await import('../npz/npz-headers.ts')).npzHeaders(file), metadata: new Map() }
  const { entries, metadata } = fileHeader(file)
  return {
    bytes: file.size,
    tensors: entries.map(({ name, dtype, shape, begin, end }) => ({ name, dtype, shape, bytes: end - begin })),
    metadata,
  }
}

const sourceOf = (file: number): ByteSource => {
  const { size } = fstatSync(file)
  return {
    size,
    bytes(from, to) {
      const bytes = new Uint8Array(Math.max(0, Math.min(to, size) - from))
      let at = 0
      for (let read = -1; at < bytes.length && read !== 0; at += read)
        read = readSync(file, bytes, at, bytes.length - at, from + at)
      return bytes.subarray(0, at)
    },
  }
}
