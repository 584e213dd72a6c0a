import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sizeOf, systemReasons } from '@recurra/tensor'
import { parseModelConfig, type ModelConfig } from '../config/model-config.ts'
import { FormatError } from '../errors.ts'
import { modelFiles } from './save-model.ts'

/**
 * Reads from a file of a model.
 * @throws `FormatError` if it cannot be read.
 */
export const readPart = async <T>(folder: string, file: string, read: (path: string) => Promise<T>): Promise<T> => {
  try {
    return await read(join(folder, file))
  } catch (error) {
    if (error instanceof FormatError) throw error
    const got = systemReasons[(error as NodeJS.ErrnoException).code ?? ''] ?? String(error)
    throw new FormatError({
      where: folder,
      expected: `a file ${file}`,
      got,
      fix: 'Pass the folder that saveModel wrote.',
    })
  }
}

/** The config of a model is short; a long one would take many times its size in memory before it could be checked. */
const longest = 2 ** 20

/**
 * The config in a model folder. It is checked before the parameters, because another version may have other parameters.
 */
export const configIn = async (folder: string): Promise<ModelConfig> =>
  parseModelConfig(json(await readPart(folder, modelFiles.config, (path) => readFile(path))))

const json = (bytes: Uint8Array): unknown => {
  if (bytes.length > longest)
    throw new FormatError({
      where: modelFiles.config,
      expected: `at most ${longest} bytes`,
      got: `${bytes.length}`,
      fix: 'It was not written by Recurra.',
    })
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new FormatError({
      where: modelFiles.config,
      expected: 'JSON',
      got: `invalid JSON (${(error as Error).message})`,
      fix: 'The file is damaged; get it again from where it came.',
    })
  }
}

/** A model that is slightly too large is still built, so that the error can name the parameter that does not fit. */
const leeway = 2 ** 14

/** The maximum number of values of a model with these parameters. */
export const mostFor = (tensors: Iterable<{ readonly shape: readonly number[] }>): number =>
  2 * [...tensors].reduce((sum, { shape }) => sum + sizeOf(shape), 0) + leeway
