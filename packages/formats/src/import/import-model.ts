import { commonBackend, type Backend } from '@recurra/backend'
import { named, Sequential, sequence, tokens, type Blueprint } from '@recurra/layers'
import { last } from '@recurra/rnn'
import { option, options, Random, type NamedTensors } from '@recurra/tensor'
import { layerLayout, type Framework } from '../parameters/counterpart-layout.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { skipOptions, withoutSkipped, type SkipOptions } from '../parameters/skipped.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { chain } from './chain.ts'
import { kerasModules } from './keras-modules.ts'
import { recurrentActivations, type Hints, type Module, type RecurrentActivation } from './module.ts'
import { pytorchModules } from './pytorch-modules.ts'

/** Options of `importModel`: what the tensors alone do not tell. */
export interface ImportOptions extends SkipOptions {
  /** Who wrote the file. Default: told from the names of the tensors. */
  readonly from?: 'pytorch' | 'keras'
  /**
   * The names of the layers from the first to the last, where several orders fit. Default: told from names and shapes.
   */
  readonly order?: readonly string[]
  /**
   * Whether the last step alone is passed on to the layers after the recurrent ones. Default: false, every step does.
   */
  readonly last?: boolean
  /** Whether simple recurrent layers have relu in place of tanh. Default: false. */
  readonly relu?: boolean
  /**
   * The function of the gates of LSTMs and GRUs from Keras. Default: `sigmoid`, as today's Keras has it; since no
   * weight tells, that is said in a warning.
   */
  readonly recurrentActivation?: RecurrentActivation
  /** Where the model runs. Default: the fastest backend of this machine. */
  readonly backend?: Backend
}

/**
 * A model from the parameters of another framework alone, without a description of it: a state dict of PyTorch, or the
 * weights of Keras or TensorFlow 1 by their paths, as a safetensors file or as tensors by name (`readNpz` of
 * `recurra/npz`). It must be layers one after the other: an embedding, RNNs, LSTMs and GRUs in one or both directions,
 * layer norms, and one dense layer at the end, whose order and sizes follow from names and shapes. Every tensor is
 * used, or named in an error or a warning.
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
 * @throws `ValueError` if something cannot be told, such as an activation between two dense layers, or two orders that
 * both fit.
 * @throws `FormatError` if the file is damaged, or of another kind.
 * @throws `ShapeError` if the two parts of a weight with weight norm do not belong together.
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
    from: option.oneOf(...frameworks)(),
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
  const framework = from ?? frameworks.find((one) => names.some((name) => importers[one].names.test(name))) ?? 'pytorch'
  const layers = chain(importers[framework].modules(tensors, { relu, recurrentActivation }), order, isSorted(names))

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

/** How the file of a framework is read. */
interface Importer {
  /** The names that it alone gives. */
  readonly names: RegExp
  /** Its modules, in each way in which they can be read. */
  readonly modules: (tensors: NamedTensors, hints: Hints) => Module[][][]
}

const importers: Readonly<Record<Framework, Importer>> = {
  keras: {
    names: /(^|\/)(kernel|embeddings|gamma|beta|weights|softmax_w|recurrent_kernel|vars\/\d+)(:0)?$/,
    modules: kerasModules,
  },
  pytorch: { names: /./, modules: (tensors, hints) => [pytorchModules(tensors, hints)] }, // any others
}
const frameworks = Object.keys(importers) as Framework[]

const isSorted = (names: readonly string[]): boolean => names.every((name, i) => i === 0 || names[i - 1]! < name)

/** A layer of the file may be called so, too. */
const freeName = (name: string, layers: readonly Module[]): string =>
  layers.some((layer) => layer.name === name) ? freeName(`${name}_step`, layers) : name
