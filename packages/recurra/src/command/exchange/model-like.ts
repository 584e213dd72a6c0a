import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { modelOf, type Model } from '@recurra/formats'
import { modelFiles } from '@recurra/formats/disk'
import type { DType } from '@recurra/tensor'
import { readJson } from '../../terminal/read-json.ts'
import { isFolder } from '../run/is-folder.ts'

/**
 * A model as a config describes it, whose parameters are still 0. The path is that of a config, or of a folder with
 * one.
 */
export const modelLike = (path: string, dtype: DType): Model => {
  const file = isFolder(path) ? join(path, modelFiles.config) : path
  return modelOf(readJson(file, 'Pass the folder of a model, or its config.json.'), {
    backend: javascript({ dtype }),
    uninitialized: true,
  })
}
