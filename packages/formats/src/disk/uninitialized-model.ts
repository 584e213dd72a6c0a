import { buildModel, type Model, type ModelOptions } from '../config/model-of.ts'
import { expectFitting, fitting } from '../parameters/load-parameters.ts'
import { dequantized } from '../parameters/int8-parameters.ts'
import { recurra } from '../parameters/layout.ts'
import { configIn, mostFor, readPart } from './model-contents.ts'
import { modelFiles } from './save-model.ts'
import { readTensorHeaders } from './tensor-headers.ts'

/**
 * The model in a folder without its parameters, which are all 0: to inspect the layers of a model of any size.
 *
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { dense, lstm, sequential } from 'recurra'
 * import { uninitializedModel, saveModel } from 'recurra/disk'
 *
 * const folder = await mkdtemp(join(tmpdir(), 'model-'))
 * await saveModel(folder, sequential(4, [lstm(8), dense(2)]))
 * console.log((await uninitializedModel(folder)).out) // { kind: 'sequence', size: 2 }
 * ```
 * @throws `FormatError` if a file is missing, or the part that is read is damaged.
 * @throws `ConfigurationError` if the config is of another version, or invalid; the error names the position.
 * @throws `ValueError` or `ShapeError` if the parameters do not match the config.
 */
export const uninitializedModel = async (folder: string, options: ModelOptions = {}): Promise<Model> => {
  const config = await configIn(folder)
  const headers = await readPart(folder, modelFiles.parameters, readTensorHeaders)
  const { tensors } = dequantized(new Map(headers.tensors.map((tensor) => [tensor.name, tensor])))
  const model = buildModel(config, { maxParameters: mostFor(tensors.values()), uninitialized: true, ...options })
  const wanted = recurra(model)
  expectFitting(wanted, fitting(tensors, wanted, recurra))
  return model
}
