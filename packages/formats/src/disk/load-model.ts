import { readFile } from 'node:fs/promises'
import { commonBackend, int8Backend } from '@recurra/backend'
import { withInt8 } from '@recurra/rnn/authoring'
import { buildModel, type Model, type ModelOptions } from '../config/model-of.ts'
import { dequantized } from '../parameters/int8-parameters.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { configIn, mostFor, readPart } from './model-contents.ts'
import { modelFiles } from './save-model.ts'

/**
 * Loads a model that `saveModel` saved; a quantized one is quantized again.
 *
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { dense, lstm, sequential } from 'recurra'
 * import { loadModel, saveModel } from 'recurra/disk'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'model-'))
 * await saveModel(folder, sequential(4, [lstm(8), dense(2)]))
 * const stream = (await loadModel(folder)).stream()
 * console.log(stream.step([1, 2, 3, 4]).shape) // [1, 2]
 * ```
 * @throws `FormatError` if a file is missing or damaged.
 * @throws `ConfigurationError` if the config is of another version, or invalid; the error names the position.
 * @throws `ValueError` or `ShapeError` if the parameters do not match the config.
 * @throws `MemoryError` if there is not enough memory.
 */
export const loadModel = async (folder: string, options: ModelOptions = {}): Promise<Model> => {
  const config = await configIn(folder)
  const file = readSafetensors(await readPart(folder, modelFiles.parameters, (path) => readFile(path)))
  const { tensors, axes } = dequantized(file.tensors)
  const int8 = axes.size > 0 ? int8Backend(options.backend ?? commonBackend()) : undefined
  const model = buildModel(config, {
    maxParameters: mostFor(tensors.values()), ...options, ...(int8 && { backend: int8 }),
  })
  loadParameters(model, tensors)
  return int8 ? withInt8(model, int8, axes) : model
}
