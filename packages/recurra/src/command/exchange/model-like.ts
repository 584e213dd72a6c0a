import { statSync } from 'node:fs'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { modelOf, type Model } from '@recurra/formats'
import { modelFiles } from '@recurra/formats/disk'
import { ValueError, type DType } from '@recurra/tensor'
import { readText } from '../../terminal/read-file.ts'

/** A model as a config describes it, with parameters that mean nothing yet. The path is that of a config, or of a folder with one. */
export const modelLike = (path: string, dtype: DType): Model => {
  const file = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, modelFiles.config) : path
  return modelOf(parsed(file), { backend: javascript({ dtype }) })
}

const parsed = (file: string): unknown => {
  try {
    return JSON.parse(readText(file))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ValueError({ where: file, expected: 'the config.json of a model', got: `no JSON (${error.message})`, fix: 'Pass the folder of a model.' })
  }
}
