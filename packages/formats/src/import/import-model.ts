import { commonBackend, type Backend } from '@recurra/backend'
import { named, Sequential, sequence, tokens, type Blueprint } from '@recurra/layers'
import { last } from '@recurra/rnn'
import { option, options, Random, type NamedTensors } from '@recurra/tensor'
import { layerLayout } from '../frameworks/framework.ts'
import { frameworks } from '../frameworks/frameworks.ts'
import type { FrameworkName } from '../layers/layer-format.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { skipOptions, withoutSkipped, type SkipOptions } from '../parameters/skipped.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { chain } from './chain.ts'
import { recurrentActivations, type Module, type RecurrentActivation } from './module.ts'

/** Options of `importModel`: what the tensors do not reveal. */
export interface ImportOptions extends SkipOptions {
  /** The framework that wrote the file. Default: inferred from the names of the tensors. */
  readonly from?: FrameworkName
  /** The names of the layers from first to last, if several orders fit. Default: inferred from names and shapes. */
  readonly order?: readonly string[]
  /** Whether only the last step is passed to the layers after the recurrent ones. Default: false; every step is. */
  readonly last?: boolean
  /** Whether simple recurrent layers use relu instead of tanh. Default: false. */
  readonly relu?: boolean
  /**
   * The gate activation of LSTMs and GRUs from Keras. Default: `sigmoid`, the default of today's Keras; the weights do
   * not reveal it, so a warning states this assumption.
   */
  readonly recurrentActivation?: RecurrentActivation
  /** The backend that runs the model. Default: the fastest of this machine. */
  readonly backend?: Backend
}

/**
 * A model from just the parameters of another framework, without a description of its layers: a state dict of PyTorch,
 * or the weights of Keras or TensorFlow 1 by their paths, as a safetensors file or as tensors by name (`readNpz` of
 * `recurra/npz`). The model must be a sequence of layers: an embedding, RNNs, LSTMs and GRUs in one or both directions,
 * layer norms, and one dense layer at the end. Their order and sizes follow from names and shapes. Every tensor is
 * either used, or named in an error or a warning.
 *
 * ```ts
 * import { dense, embedding, importModel, lstm, named, pytorch, saveParameters, sequential, tokens } from 'recurra'
 *
 * // as PyTorch saves class Model: self.embedding = nn.Embedding(9, 4); self.rnn = nn.LSTM(4, 8); self.head =
 * // nn.Linear(8, 9)
 *
 * const layers = [named('embedding', embedding(4)), named('rnn', lstm(8)), named('head', dense(9))] as const
 * const file = saveParameters(sequential(tokens(9), layers), { layout: pytorch })
 *
 * const model = importModel(file)
 * console.log(model.summary())
 * //            input      tokens of 9 symbols
 * // embedding  embedding  a sequence of 4 features   36
 * // rnn        lstm       a sequence of 8 features  448
 * // head       dense      a sequence of 9 features   81
 * //            parameters                           565
 * ```
 * @throws `ValueError` if something cannot be inferred, such as an activation between two dense layers, or if two
 * orders fit.
 * @throws `FormatError` if the file is damaged, or of another kind.
 * @throws `ShapeError` if the shapes of the two parts of a weight with weight norm do not match.
 * @throws `ConfigurationError` if an option is unknown or invalid.
 */
export const importModel = (file: Uint8Array | NamedTensors, given: ImportOptions = {}): Sequential => {
  const {
    from,
    order,
    last: lastAlone,
    relu,
    recurrentActivation,
    backend = commonBackend(),
    skip,
    onWarning,
  } = options('importModel', given, {
    from: option.oneOf(...frameworkNames)(),
    order: option.checked<readonly string[]>('a list of names', Array.isArray)(),
    last: option.flag(false),
    relu: option.flag(false),
    recurrentActivation: option.oneOf(...recurrentActivations)(),
    backend: option.checked<Backend>('a backend', (value) => typeof value === 'object' && value !== null)(),
    ...skipOptions,
  })
  const all: NamedTensors = file instanceof Uint8Array ? readSafetensors(file).tensors : file
  const tensors = withoutSkipped(all, 'importModel', { skip, onWarning })
  const names = [...tensors.keys()]
  const writes = (one: FrameworkName): boolean => names.some((name) => frameworks[one].names.test(name))
  const framework = frameworks[from ?? frameworkNames.find(writes) ?? 'pytorch']
  const layers = chain(framework.modules(tensors, { relu, recurrentActivation }), order, isSorted(names))

  const [first] = layers as [Module]
  const input = first.blueprint.type === 'embedding' ? tokens(first.takes) : sequence(first.takes)
  const blueprints = layers.map(({ name, blueprint }): Blueprint => named(name, blueprint))
  const end = layers.findIndex(({ blueprint }, i) => i > 0 && blueprint.type === 'dense')
  if (lastAlone)
    blueprints.splice(end < 0 ? blueprints.length : end, 0, named(freeName('last', layers), last() as Blueprint))
  const model = new Sequential(input, blueprints, { backend, random: new Random(), uninitialized: true })
  const layout = layerLayout(framework)
  for (const { name, parts } of layers) loadParameters(model.layers[model.names.indexOf(name)]!, parts, { layout })
  for (const { name, assumed } of layers) if (assumed !== undefined) onWarning(`importModel, ${name}: ${assumed}`)
  return model
}

const frameworkNames = Object.keys(frameworks) as FrameworkName[]

const isSorted = (names: readonly string[]): boolean => names.every((name, i) => i === 0 || names[i - 1]! < name)

/** A layer in the file may have this name, too. */
const freeName = (name: string, layers: readonly Module[]): string =>
  layers.some((layer) => layer.name === name) ? freeName(`${name}_step`, layers) : name
