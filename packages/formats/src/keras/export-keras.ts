import type { Sequential } from '@recurra/layers'
import { expectNoMore, isRecord, type NamedTensor } from '@recurra/tensor'
import { writeHdf5 } from '../hdf5/write-hdf5.ts'
import { classNames } from '../import/keras/class-names.ts'
import { writeZip } from '../zip/write-zip.ts'
import type { Dialect } from './dialect.ts'
import { kerasLayers, type KerasLayer, type KerasModel } from './keras-layers.ts'
import type { KerasLayerConfig } from './placed.ts'

const dialect: Dialect = {
  exporter: 'exportKeras',
  program: 'Keras',
  functions: {
    tanh: 'tanh', sigmoid: 'sigmoid', relu: 'relu', silu: 'silu', gelu: 'gelu', softplus: 'softplus',
    logSigmoid: 'log_sigmoid', elu: 'elu', selu: 'selu', hardSigmoid: 'hard_sigmoid', softmax: 'softmax',
    logSoftmax: 'log_softmax', hardSwish: 'hard_silu', mish: 'mish', softsign: 'softsign', exponential: 'exponential',
    linear: 'linear',
  },
  merges: {
    concat: 'Concatenate', sum: 'Add', difference: 'Subtract', product: 'Multiply', mean: 'Average', max: 'Maximum',
    min: 'Minimum',
  },
  negativeSlope: 'negative_slope',
  eluAlpha: true,
  dropsMasks: true,
  lacks: [],
  paddings: ['valid', 'same', 'causal'],
  groups: true,
}

/**
 * A model as a `.keras` file of Keras 3, for `keras.saving.load_model`: its config, and its weights in float32. A
 * recurrent layer and the `last` after it become one layer with `return_sequences=False`.
 *
 * ```ts
 * import { dense, importModel, last, lstm, sequential } from 'recurra'
 * import { exportKeras } from 'recurra/keras'
 *
 * const file = exportKeras(sequential(4, [lstm(8), last(), dense(2)]))
 * console.log((await importModel(file)).names) // [ 'lstm_0', 'lstm_0_last', 'dense_2' ]
 * ```
 *
 * Source: keras/src/saving/saving_lib.py and serialization_lib.py of Keras 3.15.
 * @throws `ConfigurationError` if Keras has no such layer, or an option of one; the error names it. Also if the model
 * is on an asynchronous backend: `copyTo` copies it to another.
 * @throws `ValueError` if the file would exceed 4 GiB, or a number of a float64 model is too large for its float32.
 */
export const exportKeras = (model: Sequential, ...others: readonly never[]): Uint8Array => {
  expectNoMore(others, 'exportKeras', 'a model')
  const keras = kerasLayers(model, dialect)
  const { layers, shape } = keras
  const input = {
    class_name: 'InputLayer',
    config: { name: keras.input, batch_shape: shape, dtype: model.in.kind === 'tokens' ? 'int32' : 'float32' },
  }
  const config = keras.chain
    ? serialized('keras', {
        class_name: 'Sequential',
        config: {
          ...common, layers: [input, ...layers].map((layer) => serialized(ofLayers, layer)), build_input_shape: shape,
        },
      })
    : serialized('keras.src.models.functional', {
        class_name: 'Functional',
        config: {
          ...common,
          layers: [
            { ...serialized(ofLayers, input), name: keras.input, inbound_nodes: [] }, ...layers.map(called(keras)),
          ],
          input_layers: [keras.input, 0, 0],
          output_layers: [keras.output, 0, 0],
        },
      })
  const paths = classNames(layers.map(({ class_name }) => class_name))
  const tensors = layers.flatMap((layer, i) => weightsOf(layer, `layers/${paths[i]}`))
  return writeZip([
    // the version whose form it is; no time, so that a model always gives the same bytes
    ['metadata.json', json({ keras_version: '3.15.1', date_saved: '1980-01-01@00:00:00' })],
    ['config.json', json(config)],
    ['model.weights.h5', writeHdf5(tensors, ['vars'])], // Keras 3.0 expects the weights of the model itself
  ], 'exportKeras')
}

/** The parts of attention; others are directions, `forward_layer`. */
const partNames: { readonly [part: string]: string } = {
  query: 'query_dense', key: 'key_dense', value: 'value_dense', attention_output: 'output_dense',
}
const common = { name: 'model', trainable: true }
const ofLayers = 'keras.layers'

/** An object as Keras serializes it, with the layer inside. */
const serialized = (module: string, { class_name, config }: KerasLayerConfig): object => {
  const { layer } = config
  const inner = isRecord(layer) && { layer: serialized(module, layer as unknown as KerasLayerConfig) }
  return { module, class_name, config: { dtype: 'float32', ...config, ...inner }, registered_name: null }
}

/** A layer of a functional model, and the outputs of others that it is called with. */
const called = ({ input, shape, layers }: KerasModel) => (layer: KerasLayer): object => {
  const shapes = new Map([[input, shape], ...layers.map((one) => [one.name, one.shape] as const)])
  const tensors = layer.inputs.map((name) => ({
    class_name: '__keras_tensor__',
    config: { shape: shapes.get(name), dtype: 'float32', keras_history: [name, 0, 0] },
  }))
  const inbound_nodes = [{ args: layer.merges ? [tensors] : tensors, kwargs: layer.call }]
  return { ...serialized(ofLayers, layer), name: layer.name, inbound_nodes }
}

/**
 * Weights by their numbers within the object that has them: `layers/bidirectional/forward_layer/cell/vars/0`,
 * `layers/multi_head_attention/query_dense/vars/0`.
 */
const weightsOf = ({ tensors }: KerasLayer, path: string): NamedTensor[] => {
  const cell = tensors.some(({ name }) => name.endsWith('recurrent_kernel')) ? '/cell' : ''
  const counts = new Map<string, number>()
  return tensors.map((tensor) => {
    const [part] = /^\w+(?=\/)/.exec(tensor.name) ?? []
    const owner = `${path}${part === undefined ? '' : `/${partNames[part] ?? `${part}_layer`}`}${cell}`
    const number = counts.get(owner) ?? 0
    counts.set(owner, number + 1)
    return { ...tensor, name: `${owner}/vars/${number}` }
  })
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
