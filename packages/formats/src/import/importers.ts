import type { ByteSource } from '../byte-source.ts'
import type { Model } from '../config/model-of.ts'
import { kindOf, type FileKind } from '../foreign-files.ts'
import type { BuiltInImporter, LoadedImporter } from './built-in-importer.ts'
import { customImporter } from './custom-importer.ts'
import type { Importer, ModelFiles } from './importer.ts'

const is = (kind: FileKind) => (file: ByteSource): boolean => kindOf(file) === kind

/** The kinds of files that describe their layers. JSON comes first: the weights beside it may begin like anything. */
const builtIn: readonly LoadedImporter[] = [
  { recognizes: is('json'), load: async () => (await import('./json-models.ts')).jsonModels },
  { recognizes: is('keras'), load: async () => (await import('./keras/keras-importer.ts')).kerasImporter },
  { recognizes: is('hdf5'), load: async () => (await import('./keras/hdf5-importer.ts')).hdf5Importer },
  { recognizes: is('onnx'), load: async () => (await import('../onnx/import/onnx-importer.ts')).onnxImporter },
]

/** Tests whether a file describes the layers of a model, not its tensors alone. */
export const describesLayers = (file: ByteSource): boolean => builtIn.some(({ recognizes }) => recognizes(file, ''))

/** The importer for some files, and the file among them that describes the model; undefined for tensors alone. */
export const importerFor = async (
  all: ReadonlyMap<string, ByteSource>, custom: readonly Importer<Model>[],
): Promise<{ readonly importer: BuiltInImporter; readonly files: ModelFiles } | undefined> => {
  for (const { recognizes, load } of [...custom.map(customImporter), ...builtIn]) {
    const [, main] = [...all].find(([name, file]) => recognizes(file, name)) ?? []
    if (main) return { importer: await load(), files: { main: main.bytes(0, main.size), all } }
  }
  return undefined
}
