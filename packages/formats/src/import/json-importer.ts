import type { CheckedImportOptions } from './import-options.ts'
import type { Importer, ModelFiles } from './importer.ts'

type Json = Readonly<Record<string, unknown>>

/** Reads the models of one kind of JSON file. */
export interface JsonImporter extends Pick<Importer, 'kind'> {
  /** Whether the fields are those of such a file. */
  readonly recognizes: (json: Json) => boolean
  /**
   * Builds the model.
   * @throws `FormatError` or `ValueError`, as an `Importer` does.
   */
  readonly read: (json: Json, files: ModelFiles, options: CheckedImportOptions) => ReturnType<Importer['read']>
}
