import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sizeOf, systemReasons } from '@recurra/tensor'
import { parseModelConfig, type ModelConfig } from '../config/model-config.ts'
import { FormatError } from '../errors.ts'
import { modelFiles } from './save-model.ts'

/** What is read from a file of a model; a `FormatError` where it cannot be read. */
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

/** The config of a model is short; a long one costs many times its size in memory before anybody can look at it. */
const longest = 2 ** 20

/**
 * What a model folder says that the model is. It is looked at before the parameters are: another version may have other
 * ones, too.
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

/** A model that is a little too large is built, so that it can be said which parameter does not fit. */
const leeway = 2 ** 14

/** How many numbers a model may learn whose parameters these are. */
export const mostFor = (tensors: Iterable<{ readonly shape: readonly number[] }>): number =>
  2 * [...tensors].reduce((sum, { shape }) => sum + sizeOf(shape), 0) + leeway
