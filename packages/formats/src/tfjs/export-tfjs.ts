import type { Sequential } from '@recurra/layers'
import { expectNoMore } from '@recurra/tensor'
import { joined } from '../joined.ts'
import type { Dialect } from '../keras/dialect.ts'
import { kerasLayers, type KerasLayer, type KerasModel } from '../keras/keras-layers.ts'
import { directionName } from '../keras/recurrent-config.ts'
import { float32Bytes } from '../safetensors/writable.ts'

const dialect: Dialect = {
  exporter: 'exportTfjs',
  program: 'TensorFlow.js',
  functions: {
    tanh: 'tanh', sigmoid: 'sigmoid', relu: 'relu', silu: 'swish', gelu: 'gelu', geluTanh: 'gelu_new',
    softplus: 'softplus', elu: 'elu', selu: 'selu', hardSigmoidKeras2: 'hard_sigmoid', softmax: 'softmax',
    logSoftmax: 'log_softmax', softsign: 'softsign', mish: 'mish', linear: 'linear',
  },
  merges: { concat: 'Concatenate', sum: 'Add', product: 'Multiply', mean: 'Average', max: 'Maximum', min: 'Minimum' },
  negativeSlope: 'alpha',
  eluAlpha: false,
  dropsMasks: false,
  lacks: ['gru', 'rmsNorm', 'multiHeadAttention', 'pad', 'crop', 'transposedConvolution', 'upSample'],
  paddings: ['valid', 'same'], // it takes `causal`, and fails when the layer is called
  groups: false,
}

/**
 * A model as the files of TensorFlow.js: `model.json`, a layers model, and `weights.bin`, float32. Write both into a
 * folder: `tf.loadLayersModel` loads the first, which names the second. A recurrent layer and the `last` after it
 * become one layer with `returnSequences: false`.
 *
 * ```ts
 * import { dense, last, lstm, sequential } from 'recurra'
 * import { exportTfjs } from 'recurra/tfjs'
 *
 * const files = exportTfjs(sequential(4, [lstm(8), last(), dense(2)]))
 * console.log(Object.keys(files), files['weights.bin'].length) // [ 'model.json', 'weights.bin' ] 1736
 * ```
 *
 * Source: tfjs-layers/src/models.ts and tfjs-core/src/io/types.ts of TensorFlow.js 4.22.
 * @throws `ConfigurationError` if TensorFlow.js has no such layer, or an option of one (it has no `gru`: its GRU resets
 * before the product); the error names it. Also if the model is on an asynchronous backend: `copyTo` copies it to
 * another.
 * @throws `ValueError` if a number of a float64 model is too large for the float32 of the file.
 */
export const exportTfjs = (
  model: Sequential, ...others: readonly never[]
): Readonly<Record<'model.json' | 'weights.bin', Uint8Array>> => {
  expectNoMore(others, 'exportTfjs', 'a model')
  const keras = kerasLayers(model, dialect)
  const { layers, shape } = keras
  const input = { batch_input_shape: shape, dtype: 'float32' } // of the weights, too
  const tensors = layers.flatMap(({ name, tensors: own }) => own.map((tensor) => ({
    ...tensor, name: `${name}/${tensor.name.replace('/', `_${directionName(name)}/`)}`, // forward_NAME/kernel
  })))
  const json = {
    format: 'layers-model',
    generatedBy: 'Recurra',
    convertedBy: null,
    modelTopology: {
      ...(keras.chain ? chainOf(layers, input) : graphOf(keras, input)),
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [{
      paths: ['weights.bin'],
      weights: tensors.map(({ name, shape: sizes }) => ({ name, shape: sizes, dtype: 'float32' })),
    }],
  }
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(json)),
    'weights.bin': joined(tensors.map(float32Bytes)),
  }
}

const chainOf = (layers: readonly KerasLayer[], input: object): object => ({
  class_name: 'Sequential',
  config: {
    name: 'model',
    layers: layers.map(({ class_name, config }, i) => ({ class_name, config: { ...config, ...(i === 0 && input) } })),
  },
})

/** A functional model: each layer has the names of those that it reads. */
const graphOf = ({ layers, input: name, output }: KerasModel, input: object): object => ({
  class_name: 'Model',
  config: {
    name: 'model',
    layers: [
      { class_name: 'InputLayer', name, config: { name, sparse: false, ...input }, inbound_nodes: [] },
      ...layers.map((layer) => ({
        class_name: layer.class_name, name: layer.name, config: layer.config,
        inbound_nodes: [layer.inputs.map((each) => [each, 0, 0, {}])],
      })),
    ],
    input_layers: [[name, 0, 0]],
    output_layers: [[output, 0, 0]],
  },
})
