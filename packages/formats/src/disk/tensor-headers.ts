import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { MemoryError, type NamedTensor } from '@recurra/tensor'
import type { ByteSource } from '../byte-source.ts'
import { FormatError, StorageError } from '../errors.ts'
import { tensorsIn } from '../read-tensors.ts'
import type { ReadTorchOptions } from '../torch/torch-options.ts'

/** A file of tensors as described by its headers. */
export interface TensorHeaders {
  /** The size of the file in bytes. */
  readonly bytes: number
  /** Its tensors in file order; `read()` of a tensor reads only its values, while the file exists. */
  readonly tensors: readonly NamedTensor[]
  /** The metadata of the file. */
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Reads the headers of a safetensors, npz or PyTorch file, but no values: a large model takes no longer than a small
 * one. The bytes decide which of the formats it is.
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
 * console.log(tensors.map(({ name, shape }) => `${name} [${shape}]`)[0]) // 0.bias [32]
 * console.log(tensors[0]!.read().length) // 32
 * ```
 * @throws `FormatError` if it is another kind of file, or its headers are damaged; the error names the file.
 * @throws `StorageError` if it cannot be read.
 * @throws `ConfigurationError` if an option is unknown, or a PyTorch file has no state dict of this name.
 */
export const readTensorHeaders = async (path: string, options: ReadTorchOptions = {}): Promise<TensorHeaders> => {
  const file = fileOnDisk(path)
  const { tensors, metadata } = await tensorsIn(file, options).catch((error: unknown) => {
    throw inFile(path, error)
  })
  return {
    bytes: file.size,
    tensors: tensors.map((tensor) => ({
      ...tensor,
      read() {
        try {
          return tensor.read()
        } catch (error) {
          throw inFile(path, error)
        }
      },
    })),
    metadata,
  }
}

/** An error with the name of the file. */
const inFile = (path: string, error: unknown): unknown =>
  error instanceof FormatError ? new FormatError({ ...error, where: `${path}, ${error.where}` }) : error

const mostAtOnce = 2 ** 30 // Node reads at most 2 GiB at once

const allocated = (size: number, path: string): Uint8Array => {
  try {
    return new Uint8Array(size)
  } catch {
    throw new MemoryError({
      where: path, expected: 'memory for a part of the file that is read at once', got: `${size} bytes`,
      fix: 'Save the model as safetensors, of which one tensor is read at a time, or in several files.',
    })
  }
}

/** A file that is open only while its bytes are read. */
export const fileOnDisk = (path: string): ByteSource => {
  const opened = <T>(use: (file: number) => T): T => {
    let file: number | undefined
    try {
      file = openSync(path, 'r')
      return use(file)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      throw code === undefined ? error : new StorageError(path, 'read', code, message)
    } finally {
      if (file !== undefined) closeSync(file)
    }
  }
  const size = opened((file) => fstatSync(file).size)
  return {
    size,
    bytes: (from, to) =>
      opened((file) => {
        const bytes = allocated(Math.max(0, Math.min(to, size) - from), path)
        let at = 0
        for (let read = -1; at < bytes.length && read !== 0; at += read)
          read = readSync(file, bytes, at, Math.min(mostAtOnce, bytes.length - at), from + at)
        return bytes.subarray(0, at)
      }),
  }
}
