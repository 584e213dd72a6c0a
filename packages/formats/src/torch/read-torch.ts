import { options, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { inMemory, type ByteSource } from '../byte-source.ts'
import { expectOurs } from '../foreign-files.ts'
import { rowMajor } from '../row-major.ts'
import { swapped } from '../safetensors/dtypes.ts'
import { storedTensor } from '../safetensors/stored-tensor.ts'
import { stateDict } from './state-dict.ts'
import { torchContents } from './torch-contents.ts'
import { widthOf, type TorchStorage } from './torch-objects.ts'
import { torchOptions, type ReadTorchOptions } from './torch-options.ts'

/** The contents of a PyTorch file. */
export interface TorchFile {
  /** The tensors by name, in the order of the state dict. */
  readonly tensors: NamedTensors
  /** Numbers and strings next to the tensors, such as the epoch of a checkpoint. */
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Reads a `.pt` or `.pth` file of PyTorch, in either of its forms: a state dict, a checkpoint with one in it, or a
 * TorchScript archive. Its pickle is a program, which is never run: only tensors, numbers, strings, lists and dicts are
 * created. A value of another kind is left out with a warning that names it, and is an error in a state dict. Views of
 * one storage and tensors that are not row-major are read as PyTorch reads them; bfloat16 and half precision become
 * float32.
 *
 * ```ts
 * import { dense, importModel, lstm, parametersOf, pytorch, sequential } from 'recurra'
 * import { readTorch, writeTorch } from 'recurra/torch'
 *
 * const file = writeTorch(parametersOf(sequential(4, [lstm(8), dense(2)]), { layout: pytorch }))
 * const { tensors } = readTorch(file)
 * console.log(tensors.get('0.weight_ih_l0')?.shape) // [32, 4]
 * const model = await importModel(tensors)
 * console.log(model.layers.map(({ type }) => type)) // ['lstm', 'dense']
 * ```
 *
 * Source: PyTorch 1.13, torch/serialization.py.
 * @throws `FormatError` if the file is damaged, of another kind, or would run code; the error names the byte.
 * @throws `ConfigurationError` if an option is unknown, or there is no dict of tensors under `key`.
 */
export const readTorch = (file: Uint8Array, given: ReadTorchOptions = {}): TorchFile => {
  const { tensors, metadata } = torchIn(inMemory(file), given)
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata }
}

/** The tensors of a file; only the pickle is read until values are requested. */
export const torchIn = (
  file: ByteSource,
  given: ReadTorchOptions = {},
): Omit<TorchFile, 'tensors'> & { readonly tensors: NamedTensor[] } => {
  const { key, onWarning } = options('readTorch', given, torchOptions)
  expectOurs(file, 'torch', 'a PyTorch file')
  const { value, bytesOf, isBigEndian } = torchContents(file)
  const { tensors, metadata, leftOut } = stateDict(value, key)
  for (const what of leftOut) onWarning(`readTorch: ${what}`)
  const storageBytes = lastRemembered(bytesOf)
  return {
    metadata,
    tensors: [...tensors].map(([name, tensor]) => {
      const { storage, dtype, shape } = tensor
      const width = widthOf(dtype)
      return storedTensor({ name, dtype, shape }, () => {
        const bytes = rowMajor({ ...tensor, bytes: storageBytes(storage), width })
        return isBigEndian ? swapped(bytes, dtype === 'C64' ? 4 : width) : bytes
      })
    }),
  }
}

/** Many tensors may be views of one storage, which is read and checked once for those that follow each other. */
const lastRemembered = (bytesOf: (storage: TorchStorage) => Uint8Array): typeof bytesOf => {
  let last: { readonly key: string; readonly bytes: Uint8Array } | undefined
  return (storage) => {
    if (last?.key !== storage.key) last = { key: storage.key, bytes: bytesOf(storage) }
    return last.bytes
  }
}
