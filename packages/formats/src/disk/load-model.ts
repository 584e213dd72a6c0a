import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { modelOf, type Model, type ModelOptions } from '../config/model-of.ts'
import { FormatError } from '../format-error.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { modelFiles } from './save-model.ts'

/** Loads a model that `saveModel` saved. What is missing, damaged or of another version is a typed error that says so. */
export const loadModel = async (folder: string, options: ModelOptions = {}): Promise<Model> => {
  const config = json(await contents(folder, modelFiles.config))
  const parameters = await contents(folder, modelFiles.parameters)
  const model = modelOf(config, options)
  loadParameters(model, parameters)
  return model
}

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

const json = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new FormatError({ where: modelFiles.config, expected: 'JSON', got: `what is none (${(error as Error).message})`, fix: 'The file is damaged; get it again from where it came.' })
  }
}
