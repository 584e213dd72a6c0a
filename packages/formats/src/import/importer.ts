import type { Sequential } from '@recurra/layers'
import { inMemory } from '../byte-source.ts'
import { kindOf, type FileKind } from '../foreign-files.ts'
import type { CheckedImportOptions } from './import-options.ts'

/** The files of a model by their names: as a record, or as a map. */
export type FilesByName = Readonly<Record<string, Uint8Array>> | ReadonlyMap<string, Uint8Array>

/** The files of a model: the one that describes it, and all by name. */
export interface ModelFiles {
  /** The bytes of the file that describes the model. */
  readonly main: Uint8Array
  /** All files by name, among them `main`; a model in a single file may have none. */
  readonly all: ReadonlyMap<string, Uint8Array>
}

/** Reads the models of one kind of file, which describes their layers. */
export interface Importer {
  /** The kind in words, for messages: `a Keras file (.keras)`. */
  readonly kind: string
  /**
   * Builds the model.
   * @throws `FormatError` if a file is damaged, or one is missing.
   * @throws `ValueError` if the model has a layer, or an option of one, that cannot be expressed; the error names it.
   */
  readonly read: (files: ModelFiles, options: CheckedImportOptions) => Sequential | Promise<Sequential>
}

/** The importers of the kinds of files that describe their layers; the code of one is loaded only for its files. */
const importers: { readonly [kind in FileKind]?: () => Promise<Importer> } = {}

/** The importer for some files, and the file among them that describes the model; undefined for tensors alone. */
export const importerFor = async (
  all: ReadonlyMap<string, Uint8Array>,
): Promise<{ readonly importer: Importer; readonly files: ModelFiles } | undefined> => {
  for (const [kind, load] of Object.entries(importers))
    for (const main of all.values())
      if (kindOf(inMemory(main)) === kind) return { importer: await load(), files: { main, all } }
  return undefined
}
