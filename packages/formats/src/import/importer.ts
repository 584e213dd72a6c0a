import type { Sequential } from '@recurra/layers'
import type { ByteSource } from '../byte-source.ts'
import type { CheckedImportOptions } from './import-options.ts'

/** The files of a model by their names, as a record or as a map: bytes, or what reads some of them at a time. */
export type FilesByName =
  Readonly<Record<string, Uint8Array | ByteSource>> | ReadonlyMap<string, Uint8Array | ByteSource>

/** The files of a model: the one that describes it, and all by name. */
export interface ModelFiles {
  /** The bytes of the file that describes the model. */
  readonly main: Uint8Array
  /** All files by name, among them `main`; a model in a single file may have none. */
  readonly all: ReadonlyMap<string, ByteSource>
}

/** Reads the models of one kind of file, which describes their layers. */
export interface Importer {
  /** The kind in words, for messages: `a Keras file (.keras)`. */
  readonly kind: string
  /** Whether it reads graphs, and takes options for these. Default: false. */
  readonly takesGraphOptions?: boolean
  /**
   * Builds the model. Options that say what the files say already are refused, by `expectNoGuesses`.
   * @throws `FormatError` if a file is damaged, or one is missing.
   * @throws `ValueError` if the model has a layer, or an option of one, that cannot be expressed; the error names it.
   */
  readonly read: (files: ModelFiles, options: CheckedImportOptions) => Sequential | Promise<Sequential>
}
