import { commonBackend, type Backend } from '@recurra/backend'
import { named, Sequential, sequence, tokens, type Blueprint } from '@recurra/layers'
import { last } from '@recurra/rnn'
import { Random } from '@recurra/tensor'
import { layerLayout } from '../parameters/counterpart-layout.ts'
import { kerasFramework } from '../parameters/keras-layout.ts'
import { loadParameters } from '../parameters/load-parameters.ts'
import { renamed, type NamedTensors } from '../parameters/named-tensors.ts'
import { pytorchFramework } from '../parameters/pytorch-layout.ts'
import { readSafetensors } from '../safetensors/read-safetensors.ts'
import { chain } from './chain.ts'
import { kerasModules, plainKerasName } from './keras-modules.ts'
import { unclear, type Hints, type Module } from './module.ts'
import { plainPytorchName, pytorchModules } from './pytorch-modules.ts'

/** Options of `importModel`: what the tensors alone do not tell. */
export interface ImportOptions extends Hints {
  /** Who wrote the file; told from the names of the tensors unless said otherwise. */
  readonly from?: 'pytorch' | 'keras'
  /** The names of the layers from the first to the last, where several orders fit. */
  readonly order?: readonly string[]
  /** Whether the last step alone goes on to the layers after the recurrent ones; every step does unless said otherwise. */
  readonly last?: boolean
  /** Where the model runs; the fastest that this machine offers unless said otherwise. */
  readonly backend?: Backend
}

/**
 * A model from the parameters of another framework alone, without a description of it: a state dict of PyTorch, or the
 * weights of Keras by their paths, as a safetensors file or as tensors by name (`readNpz` of `recurra/npz`). It must be
 * layers one after the other: an embedding, RNNs, LSTMs and GRUs in one or both directions, layer norms, and one dense
 * layer at the end, whose order and sizes follow from names and shapes.
 *
 * ```ts
 * import { dense, embedding, importModel, lstm, named, pytorch, saveParameters, sequential, tokens } from 'recurra'
 *
 * // as PyTorch saves class Model: self.embedding = nn.Embedding(9, 4); self.rnn = nn.LSTM(4, 8); self.head = nn.Linear(8, 9)
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
 * @throws `FormatError` if the file is damaged.
 */
export const importModel = (file: Uint8Array | NamedTensors, { from, order, last: lastAlone = false, backend = commonBackend(), ...hints }: ImportOptions = {}): Sequential => {
  const tensors: NamedTensors = file instanceof Uint8Array ? readSafetensors(file).tensors : file
  const isKeras = from === undefined ? [...tensors.keys()].some((name) => /(^|\/)(kernel|embeddings)(:0)?$/.test(name)) : from === 'keras'
  const known = renamed(tensors, isKeras ? plainKerasName : plainPytorchName, 'importModel')
  const modules = (isKeras ? kerasModules : pytorchModules)(known, hints)
  const names = modules.map(([module]) => module!.name)
  if (names.length === 0) throw unclear('', 'the tensors of at least one layer', 'none')
  if (order && [...order].sort().join() !== [...names].sort().join()) throw unclear('order', `each of the layers once: ${names.join(', ')}`, order.join(', '), 'Name all of them, from the first to the last.')
  const layers = chain(modules, order)

  const [first] = layers as [Module]
  const input = first.blueprint.type === 'embedding' ? tokens(first.takes) : sequence(first.takes)
  const blueprints = layers.map(({ name, blueprint }): Blueprint => named(name, blueprint))
  const end = layers.findIndex(({ blueprint }, i) => i > 0 && blueprint.type === 'dense')
  if (lastAlone) blueprints.splice(end < 0 ? blueprints.length : end, 0, named('last', last() as Blueprint))
  const model = new Sequential(input, blueprints, { backend, random: new Random() })
  const layout = layerLayout(isKeras ? kerasFramework : pytorchFramework)
  for (const { name, parts } of layers) loadParameters(model.layers[model.names.indexOf(name)]!, parts, { layout })
  return model
}
