import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { javascript } from '@recurra/backend'
import {
  frameworks, modelOf, recurra, writeSafetensors, type FilesByName, type Importer, type Model, type ParameterLayout,
} from '@recurra/formats'
import {
  modelFiles, readModelFiles, readTensorHeaders, writeDurably, type ReadModelFilesOptions, type TensorHeaders,
} from '@recurra/formats/disk'
import { ValueError, type DType, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { flagError, path, UsageError, type Parsed } from '../../terminal/options.ts'
import { readJson } from '../../terminal/read-json.ts'
import { inFlags } from '../failure.ts'
import * as flag from '../flags.ts'
import type { Output } from '../output.ts'
import { ownModule } from '../own-module.ts'
import { isFolder } from '../run-folder.ts'

/**
 * A model as a config describes it, whose parameters are still 0. The path is that of a config, or of a folder with
 * one.
 */
export const modelLike = (path: string, dtype: DType): Model => {
  const file = isFolder(path) ? join(path, modelFiles.config) : path
  return modelOf(readJson(file, 'Pass the folder of a model, or its config.json.'), {
    backend: javascript({ dtype }), uninitialized: true,
  })
}

const layouts: { readonly [name: string]: ParameterLayout } = { recurra, ...frameworks }

/** Whose layouts a flag can name. */
export const layoutNames: string[] = Object.keys(layouts)

/** The layout that a flag names; ours without it. */
export const layoutNamed = (args: Parsed, flag: string): ParameterLayout =>
  layouts[String(args[flag] ?? 'recurra')]!

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

/** The tensors of a file of any kind, and its size; a file of any size is read by pieces. */
export const tensorsOf = async (
  file: string, { key }: Parsed, onWarning: (message: string) => void,
): Promise<Omit<TensorHeaders, 'tensors'> & { readonly tensors: NamedTensors }> => {
  const options = { onWarning, ...(key !== undefined && { key: String(key) }) }
  const { tensors, ...rest } = await readTensorHeaders(file, options)
  return { ...rest, tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])) }
}

/** What a model can be imported from: its files, or tensors alone. */
export type ModelInput = NamedTensors | FilesByName

/** The flag that chooses among state dicts. */
export const keyFlag: flag.Flag =
  flag.text('name', 'the state dict in a PyTorch checkpoint that holds several. Default: the usual names')

/** The flag that names the importers of the user. */
export const importerFlag: flag.Flag = flag.text(
  'file', 'a module that reads another kind of file: its default export is an Importer, or a list of them',
)

/**
 * What it names.
 * @throws `UsageError` if the module cannot be loaded, or exports something else.
 */
export const importersIn = async (args: Parsed): Promise<readonly Importer<Model>[]> => {
  if (args['importer'] === undefined) return []
  const found = [await ownModule(args, 'importer')].flat() as readonly Importer<Model>[]
  if (found.every((one) => typeof Object(one).read === 'function')) return found
  throw flagError(
    'importer', 'a module whose default export is an Importer, with kind, recognizes and read', path(args, 'importer'),
    'The guide Importing and exporting models has an example.',
  )
}

/** The model at a path; where it has tensors alone, a file of any size is read by pieces. */
export const modelFilesAt = (file: string, { key }: Parsed, options: ReadModelFilesOptions): Promise<ModelInput> =>
  readModelFiles(file, { ...options, ...(key !== undefined && { key: String(key) }) })

/** Tests whether there are tensors alone. */
export const isTensors = (found: ModelInput): found is NamedTensors =>
  ![...(found as ReadonlyMap<string, unknown>).values()].some((one) => one instanceof Uint8Array)

/** Tensors as a file of the kind that the ending of its name says. */
export const tensorFile = async (
  path: string, tensors: readonly NamedTensor[], metadata?: Readonly<Record<string, string>>,
): Promise<Uint8Array> => {
  if (path.endsWith('.safetensors')) return writeSafetensors(tensors, metadata)
  if (path.endsWith('.npz')) return (await import('@recurra/formats/npz')).writeNpz(tensors)
  if (/\.pth?$/.test(path)) return (await import('@recurra/formats/torch')).writeTorch(tensors)
  throw new UsageError({
    where: path, expected: 'a file whose name ends in .safetensors, .npz, .pt or .pth', got: 'another ending',
    fix: 'See --help.',
  })
}

/** Throws unless a place is free, or may be overwritten. */
export const expectFree = (path: string, force: boolean): void => {
  if (!force && existsSync(path))
    throw new ValueError({
      where: path, expected: 'a name that is free', got: 'one that is taken',
      fix: 'Choose another one, or overwrite it with --force.',
    })
}

/** Writes a file whole or not at all; one that is there is only overwritten by force. */
export const writeNew = async (path: string, bytes: Uint8Array | string, force: boolean): Promise<void> => {
  expectFree(path, force)
  await writeDurably(path, bytes)
}
