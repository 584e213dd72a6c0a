import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import { keras, modelOf, pytorch, recurra, type Model, type ParameterLayout } from '@recurra/formats'
import { modelFiles } from '@recurra/formats/disk'
import type { DType } from '@recurra/tensor'
import type { Parsed } from '../../terminal/options.ts'
import { readJson } from '../../terminal/read-json.ts'
import { inFlags } from '../failure.ts'
import type { Output } from '../output.ts'
import { isFolder } from '../run/run-folder.ts'

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

interface Layouts {
  readonly recurra: ParameterLayout
  readonly pytorch: ParameterLayout
  readonly keras: ParameterLayout
}

const layouts: Layouts = { recurra, pytorch, keras }

/** The layout that a flag names; ours without it. */
export const layoutNamed = (args: Parsed, flag: string): ParameterLayout =>
  layouts[(args[flag] ?? 'recurra') as keyof Layouts]

/** A list in a flag, by commas. */
export const listed = (args: Parsed, flag: string): readonly string[] =>
  args[flag] === undefined ? [] : String(args[flag]).split(',')

/** What was assumed or left out: told at once beside the output, and kept for machines. */
export const warned = (
  output: Output,
): { readonly warnings: readonly string[]; readonly onWarning: (message: string) => void } => {
  const warnings: string[] = []
  const onWarning = (message: string): void => {
    warnings.push(inFlags(message))
    if (!output.json) console.error(`note: ${inFlags(message)}`)
  }
  return { warnings, onWarning }
}
