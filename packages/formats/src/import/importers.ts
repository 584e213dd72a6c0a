import type { ByteSource } from '../byte-source.ts'
import { kindOf, type FileKind } from '../foreign-files.ts'
import type { Importer, ModelFiles } from './importer.ts'

/**
 * The importers of the kinds of files that describe their layers; the code of one is loaded only for its
 * files. JSON comes first: the weights beside it may begin like anything.
 */
const importers: { readonly [kind in FileKind]?: () => Promise<Importer> } = {
  json: async () => (await import('./json-models.ts')).jsonModels,
  keras: async () => (await import('./keras/keras-importer.ts')).kerasImporter,
  hdf5: async () => (await import('./keras/hdf5-importer.ts')).hdf5Importer,
  onnx: async () => (await import('../onnx/import/onnx-importer.ts')).onnxImporter,
}

/** Tests whether files of a kind describe the layers of a model, not its tensors alone. */
export const describesLayers = (kind: FileKind | undefined): boolean =>
  kind !== undefined && Object.hasOwn(importers, kind)

/** The importer for some files, and the file among them that describes the model; undefined for tensors alone. */
export const importerFor = async (
  all: ReadonlyMap<string, ByteSource>,
): Promise<{ readonly importer: Importer; readonly files: ModelFiles } | undefined> => {
  const kinds = [...all.values()].map((file) => [kindOf(file), file] as const)
  for (const [kind, load] of Object.entries(importers)) {
    const [, main] = kinds.find(([own]) => own === kind) ?? []
    if (main) return { importer: await load(), files: { main: main.bytes(0, main.size), all } }
  }
  return undefined
}
