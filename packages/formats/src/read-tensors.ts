import { describeValue, options, type NamedTensor } from '@recurra/tensor'
import { inMemory, type ByteSource } from './byte-source.ts'
import { FormatError } from './errors.ts'
import { kindOf, type FileKind } from './foreign-files.ts'
import { torchOptions, type ReadTorchOptions } from './torch/torch-options.ts'
import { safetensorsIn, type Safetensors } from './safetensors/read-safetensors.ts'

/**
 * Reads a safetensors, npz, PyTorch (`.pt`, `.pth`) or HDF5 file (`.h5`, `.weights.h5`); its bytes decide which of them
 * it is. The code for all but the first is loaded only for those.
 *
 * ```ts
 * import { dense, parametersOf, readTensors, saveParameters, sequential } from 'recurra'
 * import { writeNpz } from 'recurra/npz'
 * import { writeTorch } from 'recurra/torch'
 *
 * const model = sequential(4, [dense(2)])
 * const files = [saveParameters(model), writeNpz(parametersOf(model)), writeTorch(parametersOf(model))]
 * for (const file of files) console.log((await readTensors(file)).tensors.get('0.weight')?.shape)
 * // [4, 2]
 * // [4, 2]
 * // [4, 2]
 * ```
 * @throws `FormatError` if the file is damaged, or of another kind; the error names the position.
 * @throws `ConfigurationError` if an option is unknown, or a PyTorch file has no state dict of this name.
 */
export const readTensors = async (file: Uint8Array, given: ReadTorchOptions = {}): Promise<Safetensors> => {
  options('readTensors', given, torchOptions)
  return allTensorsIn(inMemory(file), given, 'readTensors')
}

/** The same from any source, for `where`, which errors name. */
export const allTensorsIn = async (file: ByteSource, given: ReadTorchOptions, where: string): Promise<Safetensors> => {
  const kind = kindOf(file)
  if (kind === 'npz') {
    const { readNpz } = await import('./npz/read-npz.ts')
    return { tensors: readNpz(file.bytes(0, file.size)), metadata: new Map() } // all or nothing
  }
  const { tensors, metadata } = await tensorsOf(kind, file, given, where)
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata }
}

type TensorsInOrder = Omit<Safetensors, 'tensors'> & { readonly tensors: NamedTensor[] }

/** The tensors of a file of any kind; only its headers are read until values are requested. */
export const tensorsIn = async (file: ByteSource, given: ReadTorchOptions = {}): Promise<TensorsInOrder> => {
  options('readTensors', given, torchOptions)
  return tensorsOf(kindOf(file), file, given, 'readTensors')
}

const tensorsOf = async (
  kind: FileKind | undefined, file: ByteSource, given: ReadTorchOptions, where: string,
): Promise<TensorsInOrder> => {
  if (kind === undefined) throw notRecognized(file, where)
  if (kind === 'torch') return (await import('./torch/read-torch.ts')).torchIn(file, given)
  if (kind === 'hdf5') {
    const { tensors } = (await import('./hdf5/read-hdf5.ts')).readHdf5(file.bytes(0, file.size))
    return { tensors: [...tensors.values()], metadata: new Map() }
  }
  if (kind === 'npz') return { tensors: (await import('./npz/read-npz.ts')).npzIn(file), metadata: new Map() }
  return safetensorsIn(file)
}

/** An error that shows the first bytes of a file. */
const notRecognized = (file: ByteSource, where: string): FormatError => {
  const begin = file.bytes(0, Math.min(16, file.size))
  const text = begin.every((byte) => byte >= 0x20 && byte < 0x7f)
  const shown = text
    ? describeValue(String.fromCharCode(...begin))
    : `the bytes ${Array.from(begin, (byte) => byte.toString(16).padStart(2, '0')).join(' ')}`
  return new FormatError({
    where,
    expected: 'a file of Recurra, PyTorch, Keras, TensorFlow.js, ONNX, NumPy (.npz), brain.js or ml5',
    got: begin.length === 0 ? 'an empty file' : `one that begins with ${shown}`,
    fix: 'Check that it is whole, and that it is a model.',
  })
}
