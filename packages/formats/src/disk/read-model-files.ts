import { accessSync, constants, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { options, type NamedTensors } from '@recurra/tensor'
import type { ByteSource } from '../byte-source.ts'
import type { Model } from '../config/model-of.ts'
import { FormatError } from '../errors.ts'
import { kindOf } from '../foreign-files.ts'
import { customImporter } from '../import/custom-importer.ts'
import { leavesFolder } from '../import/file-at.ts'
import { importersOption } from '../import/import-options.ts'
import type { FilesByName, Importer } from '../import/importer.ts'
import { describesLayers } from '../import/importers.ts'
import { torchOptions, type ReadTorchOptions } from '../torch/torch-options.ts'
import { fileOnDisk, readTensorHeaders } from './tensor-headers.ts'

/** Options of `readModelFiles`. */
export interface ReadModelFilesOptions extends ReadTorchOptions {
  /**
   * Those of `importModel`: a file that one of them recognizes comes with all readable files beside it, whose
   * bytes are read on demand. Default: `[]`.
   */
  readonly importers?: readonly Importer<Model>[]
}

/**
 * What `importModel` takes, from a path: the tensors of a file that holds nothing else, of which only the headers are
 * read; or the bytes of a file that describes a model, with the files beside it that it names, of which one tensor is
 * read at a time. A folder with a `model.json` or a `manifest.json` stands for this file.
 *
 * ```ts
 * import { mkdtemp } from 'node:fs/promises'
 * import { tmpdir } from 'node:os'
 * import { join } from 'node:path'
 * import { importModel, lstm, pytorch, parametersOf, sequential } from 'recurra'
 * import { readModelFiles, writeDurably } from 'recurra/disk'
 * import { writeTorch } from 'recurra/torch'
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'model-')), 'model.pt')
 * await writeDurably(path, writeTorch(parametersOf(sequential(4, [lstm(8)]), { layout: pytorch })))
 * const model = await importModel(await readModelFiles(path))
 * console.log(model.layers[0]?.type) // lstm
 * ```
 * @throws `FormatError` if it is another kind of file, or damaged, or a folder without a model.
 * @throws `StorageError` if a file cannot be read.
 * @throws `ConfigurationError` if an option is unknown, or a PyTorch file has no state dict of this name.
 */
export const readModelFiles = async (
  path: string, given: ReadModelFilesOptions = {},
): Promise<NamedTensors | FilesByName> => {
  const { importers, key, onWarning } = options('readModelFiles', given, {
    ...torchOptions, importers: importersOption,
  })
  const own = importers.length > 0 ? recognizedBy(importers, path) : undefined
  if (own) return own
  const file = mainFile(path)
  const source = fileOnDisk(file)
  const kind = kindOf(source)
  const described = describesLayers(source) && (kind !== 'hdf5' || includes(file, 'model_config'))
  const main = described ? readAll(file) : undefined
  if (!main) {
    const { tensors } = await readTensorHeaders(file, { onWarning, ...(key !== undefined && { key }) })
    return new Map(tensors.map((tensor) => [tensor.name, tensor]))
  }
  const named = kind === 'json' ? namesIn(main) : kind === 'onnx' ? await locationsIn(main) : []
  return withMain(dirname(file), basename(file), main, named)
}

/** The file that an importer of the program recognizes, or one in the folder, and those beside it. */
const recognizedBy = (importers: readonly Importer<Model>[], path: string): FilesByName | undefined => {
  const [folder, names] = isFolder(path) ? [path, readdirSync(path)] : [dirname(path), [basename(path)]]
  const [main] = filesIn(folder, names).find(([name, file]) =>
    importers.some((one) => customImporter(one).recognizes(file, name))) ?? []
  if (main === undefined) return undefined
  const beside = readdirSync(folder).filter((name) => isReadable(join(folder, name)))
  return withMain(folder, main, readAll(join(folder, main)), beside)
}

const withMain = (folder: string, name: string, main: Uint8Array, others: Iterable<string>): FilesByName =>
  new Map<string, Uint8Array | ByteSource>([
    [name, main], ...filesIn(folder, others).filter(([other]) => other !== name),
  ])

/** The file that describes the model of a folder. */
const mainFile = (path: string): string => {
  if (!isFolder(path)) return path
  const name = ['model.json', 'manifest.json'].find((one) => readdirSync(path).includes(one))
  if (name !== undefined) return join(path, name)
  throw new FormatError({
    where: path, expected: 'a folder with a model.json of TensorFlow.js or a manifest.json of ml5', got: 'neither',
    fix: 'Name the file of the model.',
  })
}

/** The names of the files that hold the weights of an ONNX file. */
const locationsIn = async (onnx: Uint8Array): Promise<Iterable<string>> =>
  (await import('../onnx/import/external-data.ts')).externalLocations(onnx)

/** The texts of a JSON file, some of which are names of files. */
const namesIn = (json: Uint8Array): string[] =>
  [...new TextDecoder().decode(json).matchAll(/"([^"\\]{1,255})"/g)].map(([, text]) => text!)

/** The files of these names in a folder; they are read when their weights are. */
const filesIn = (folder: string, names: Iterable<string>): [name: string, file: ByteSource][] =>
  [...new Set(names)].filter((name) => !leavesFolder(name) && isFile(join(folder, name)))
    .map((name) => [name, fileOnDisk(join(folder, name))])

/** Whether a file contains a text; it is read piece by piece. */
const includes = (path: string, text: string): boolean => {
  const file = fileOnDisk(path)
  for (let at = 0; at < file.size; at += piece)
    if (Buffer.from(file.bytes(at, at + piece + text.length)).includes(text)) return true
  return false
}
const piece = 2 ** 24

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true

const isReadable = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

const readAll = (path: string): Uint8Array => {
  const file = fileOnDisk(path)
  return file.bytes(0, file.size)
}
