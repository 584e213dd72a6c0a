import { commonBackend, type Backend } from '@recurra/backend'
import type { Sequential } from '@recurra/layers'
import { ConfigurationError, option, options } from '@recurra/tensor'
import type { Model } from '../config/model-of.ts'
import { frameworks } from '../frameworks/frameworks.ts'
import type { FrameworkName } from '../layers/layer-format.ts'
import { skipOptions, type SkipOptions } from '../parameters/skipped.ts'
import { torchOptions, type ReadTorchOptions } from '../torch/torch-options.ts'
import { graphOptions, type GraphOptions } from '../onnx/import/graph-options.ts'
import type { Importer } from './importer.ts'
import { recurrentActivations, type RecurrentActivation } from './module.ts'

/**
 * Options of `importModel`: the backend, what a file of tensors alone does not reveal, and what a graph depends on (an
 * ONNX file).
 */
export interface ImportOptions<M extends Model = Sequential>
  extends SkipOptions, GraphOptions, Pick<ReadTorchOptions, 'key'> {
  /** The framework that wrote the file. Default: inferred from the names of the tensors. */
  readonly from?: FrameworkName
  /** The names of the layers from first to last, if several orders fit. Default: inferred from names and shapes. */
  readonly order?: readonly string[]
  /** Whether only the last step is passed to the layers after the recurrent ones. Default: false; every step is. */
  readonly last?: boolean
  /**
   * Whether recurrent layers use relu instead of tanh: those of Keras, and `nn.RNN` of PyTorch, whose LSTMs and GRUs
   * cannot. Default: false; tensors do not reveal it, so a warning states this assumption.
   */
  readonly relu?: boolean
  /**
   * The gate activation of LSTMs and GRUs from Keras. Default: `sigmoid`, the default of today's Keras; the weights do
   * not reveal it, so a warning states this assumption.
   */
  readonly recurrentActivation?: RecurrentActivation
  /** The backend that runs the model. Default: the fastest of this machine. */
  readonly backend?: Backend
  /** Importers of other kinds of files, which are asked before the built-in ones, in this order. Default: `[]`. */
  readonly importers?: readonly Importer<M>[]
}

const isImporter = (value: unknown): boolean => {
  const { kind, recognizes, read } = Object(value) as Partial<Importer>
  return typeof kind === 'string' && typeof recognizes === 'function' && typeof read === 'function'
}

/** Importers of the program. */
export const importersOption: option.Option<readonly Importer<Model>[]> = option.checked<readonly Importer<Model>[]>(
  'a list of importers, each with kind, recognizes and read',
  (value) => Array.isArray(value) && value.every(isImporter),
)([])

/** Names of frameworks, the most specific first. */
export const frameworkNames: readonly FrameworkName[] = Object.keys(frameworks) as FrameworkName[]

type Defaulted = 'last' | 'backend' | 'importers' | 'skip' | 'onWarning'

/** Checked options, with their defaults. */
export type CheckedImportOptions = Required<Pick<ImportOptions<Model>, Defaulted>> & {
  readonly [name in Exclude<keyof ImportOptions, Defaulted>]: ImportOptions[name] | undefined
}

/** Checks the options of `importModel`, and adds their defaults. */
export const checkImportOptions = (given: ImportOptions<Model>): CheckedImportOptions => {
  const { backend = commonBackend(), ...rest } = options('importModel', given, {
    from: option.oneOf(...frameworkNames)(),
    order: option.checked<readonly string[]>('a list of names', Array.isArray)(),
    last: option.flag(false),
    relu: option.flag(),
    recurrentActivation: option.oneOf(...recurrentActivations)(),
    backend: option.checked<Backend>('a backend', (value) => typeof value === 'object' && value !== null)(),
    importers: importersOption,
    key: torchOptions.key,
    ...graphOptions,
    ...skipOptions,
  })
  return { ...rest, backend }
}

/** Options that describe the layers of tensors alone. */
const guesses = ['from', 'order', 'last', 'relu', 'recurrentActivation', 'skip', 'key'] as const

/** Whether an option has another value than its default. */
const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)

/**
 * Checks that nothing is said about the layers of a file that describes them.
 * @throws `ConfigurationError` if something is.
 */
export const expectNoGuesses = (given: CheckedImportOptions, kind: string): void =>
  expectNone(guesses, given, `${kind}, which describes its layers`)

/**
 * Checks that nothing is said about a graph where there is none.
 * @throws `ConfigurationError` if something is.
 */
export const expectNoGraphOptions = (given: CheckedImportOptions, kind: string): void =>
  expectNone(Object.keys(graphOptions) as (keyof GraphOptions)[], given, `${kind}, which is not a graph`)

/**
 * Checks that no importers are passed for tensors, which no file is left of.
 * @throws `ConfigurationError` if some are.
 */
export const expectNoImporters = (given: CheckedImportOptions): void =>
  expectNone(['importers'], given, 'tensors; importers read files')

const expectNone = (names: readonly (keyof ImportOptions)[], given: CheckedImportOptions, kind: string): void => {
  const name = names.find((one) => isGiven(given[one]))
  if (name !== undefined)
    throw new ConfigurationError({
      where: `importModel, ${name}`,
      expected: `no such option for ${kind}`,
      got: JSON.stringify(given[name]),
      fix: 'Leave it out.',
    })
}
