import type { Model } from '../config/model-of.ts'
import type { CheckedImportOptions } from './import-options.ts'
import type { Importer, ModelFiles } from './importer.ts'

/** An importer of this package, which takes all options. */
export interface BuiltInImporter extends Pick<Importer, 'kind'> {
  /** Whether it reads graphs, and takes options for these. Default: false. */
  readonly takesGraphOptions?: boolean
  /**
   * Builds the model. Options that say what the files say already are refused, by `expectNoGuesses`.
   * @throws `FormatError` or `ValueError`, as an `Importer` does.
   */
  readonly read: (files: ModelFiles, options: CheckedImportOptions) => ReturnType<Importer<Model>['read']>
}

/** An importer whose code is loaded only for its files. */
export interface LoadedImporter extends Pick<Importer, 'recognizes'> {
  readonly load: () => BuiltInImporter | Promise<BuiltInImporter>
}
