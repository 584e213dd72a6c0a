import { isZip } from './foreign-files.ts'
import { readSafetensors, type Safetensors } from './safetensors/read-safetensors.ts'

/**
 * Reads a safetensors or an npz file; its first bytes decide which of the two it is. The code for compression is loaded
 * only for npz files.
 *
 * ```ts
 * import { dense, parametersOf, readTensors, saveParameters, sequential } from 'recurra'
 * import { writeNpz } from 'recurra/npz'
 *
 * const model = sequential(4, [dense(2)])
 * const files = [saveParameters(model), writeNpz(parametersOf(model))]
 * const [one, same] = await Promise.all(files.map(readTensors))
 * console.log(one!.tensors.size, same!.tensors.get('0.weight')?.shape) // 2 [4, 2]
 * ```
 * @throws `FormatError` if the file is damaged, or of another kind; the error names the position.
 */
export const readTensors = async (file: Uint8Array): Promise<Safetensors> =>
  isZip(file)
    ? { tensors: (await import('./npz/read-npz.ts')).readNpz(file), metadata: new Map() }
    : readSafetensors(file)
