import { join } from 'node:path'
import type { Layer } from '@recurra/layers'
import { expectKnown } from '@recurra/tensor'
import { configOf, type KnownLayers } from '../config/config-of.ts'
import { saveParameters, type SaveOptions } from '../parameters/save-parameters.ts'
import { makeFolder } from './make-folder.ts'
import { writeDurably } from './write-durably.ts'

/** Options of `saveModel`. */
export interface SaveModelOptions extends KnownLayers, Pick<SaveOptions, 'dtype' | 'metadata'> {}

/** The names of the files in a model folder. */
export const modelFiles: {
  /** What the model is made of. */
  readonly config: string
  /** Its parameters. */
  readonly parameters: string
} = { config: 'config.json', parameters: 'model.safetensors' }

/**
 * Saves a model as a folder: `config.json`, what it is made of, and `model.safetensors`, its parameters. The folder is
 * made where it is missing; what else is in it stays. The parameters are written first, each file all at once, so that
 * a stop in between leaves no torn file.
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
 * const model = await loadModel(folder)
 * console.log(model.out) // { kind: 'sequence', size: 2 }
 * ```
 * @throws `StorageError` if a file cannot be written.
 * @throws `ConfigurationError` if a layer could not be built again; nothing is written then.
 */
export const saveModel = async (folder: string, model: Layer, given: SaveModelOptions = {}): Promise<void> => {
  expectKnown(Object.keys(given), ['layers', 'dtype', 'metadata'], 'saveModel')
  const { layers, ...options } = given
  const config = configOf(model, layers && { layers })
  const parameters = saveParameters(model, options)
  await makeFolder(folder)
  await writeDurably(join(folder, modelFiles.parameters), parameters)
  await writeDurably(join(folder, modelFiles.config), `${JSON.stringify(config, undefined, 2)}\n`)
}
