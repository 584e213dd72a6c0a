import { join } from 'node:path'
import type { Layer } from '@recurra/layers'
import { atOnce } from '@recurra/rnn/authoring'
import { expectKnown } from '@recurra/tensor'
import { configOf, type KnownLayers } from '../config/config-of.ts'
import { saveParameters, type SaveOptions } from '../parameters/save-parameters.ts'
import { makeFolder, writeDurably } from './files.ts'

/** Options of `saveModel`. */
export interface SaveModelOptions extends KnownLayers, Pick<SaveOptions, 'dtype' | 'metadata'> {}

/** The names of the files in a model folder. */
export const modelFiles: {
  /** The config of the model. */
  readonly config: string
  /** Its parameters. */
  readonly parameters: string
} = { config: 'config.json', parameters: 'model.safetensors' }

/**
 * Saves a model as a folder: `config.json`, its config, and `model.safetensors`, its parameters. The folder is created
 * if it is missing; its other files stay. The parameters are written first, and each file atomically, so that an
 * interruption leaves no incomplete file.
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
 * @throws `ConfigurationError` if a layer could not be rebuilt; nothing is written then.
 */
export const saveModel = async (folder: string, model: Layer, given: SaveModelOptions = {}): Promise<void> => {
  expectKnown(Object.keys(given), ['layers', 'dtype', 'metadata'], 'saveModel')
  const { layers, ...options } = given
  const config = configOf(model, layers && { layers })
  const parameters = saveParameters(await atOnce(model), options)
  await makeFolder(folder)
  await writeDurably(join(folder, modelFiles.parameters), parameters)
  await writeDurably(join(folder, modelFiles.config), `${JSON.stringify(config, undefined, 2)}\n`)
}
