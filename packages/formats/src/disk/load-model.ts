import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sizeOf } from '@recurra/tensor'
import { parseModelConfig } from '../config/model-config.ts'
import { buildModel, type Model, type ModelOptions } from '../config/model-of.ts'
import { FormatError } from '../format-error.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { modelFiles } from './save-model.ts'

/**
 * Loads a model that `saveModel` saved.
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
 * @throws `ConfigurationError` if the config is of another version, or not right; it says where.
 * @throws `ValueError` or `ShapeError` if the parameters are not those of the config.
 */
export const loadModel = async (folder: string, options: ModelOptions = {}): Promise<Model> => {
  const config = parseModelConfig(json(await contents(folder, modelFiles.config))) // another version may have other parameters, too
  const { tensors } = readSafetensors(await contents(folder, modelFiles.parameters))
  const numbers = [...tensors.values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
  const model = buildModel(config, { most: 2 * numbers + leeway, ...options })
  loadParameters(model, tensors)
  return model
}

/** A model that is a little too large is built, so that `loadParameters` can say which parameter does not fit. */
const leeway = 2 ** 14

const reasons: { readonly [code: string]: string } = {
  ENOENT: 'none', ENOTDIR: 'a file in place of the folder', EISDIR: 'a folder in its place', EACCES: 'one that may not be read',
}

const contents = async (folder: string, file: string): Promise<Uint8Array> => {
  try {
    return await readFile(join(folder, file))
  } catch (error) {
    const got = reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? String(error)
    throw new FormatError({ where: folder, expected: `a file ${file}`, got, fix: 'Pass the folder that saveModel wrote.' })
  }
}

/** The config of a model is short; a long one costs many times its size in memory before anybody can look at it. */
const longest = 2 ** 20

const json = (bytes: Uint8Array): unknown => {
  if (bytes.length > longest)
    throw new FormatError({ where: modelFiles.config, expected: `at most ${longest} bytes`, got: `${bytes.length}`, fix: 'It was not written by Recurra.' })
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new FormatError({ where: modelFiles.config, expected: 'JSON', got: `what is none (${(error as Error).message})`, fix: 'The file is damaged; get it again from where it came.' })
  }
}
