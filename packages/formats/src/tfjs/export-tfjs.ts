import { Sequential } from '@recurra/layers'
import { expectReadable } from '@recurra/rnn/authoring'
import { ConfigurationError, expectNoMore } from '@recurra/tensor'
import { layouts } from '../safetensors/dtypes.ts'
import { kerasLayers } from './keras-layers.ts'

/**
 * A model as the files of TensorFlow.js: `model.json`, a layers model, and `weights.bin`, float32. Write both into a
 * folder: `tf.loadLayersModel` loads the first, and finds the second beside it. A recurrent layer and the `last` behind
 * it become one layer with `returnSequences: false`.
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
 */
export const exportTfjs = (
  model: Sequential, ...others: readonly never[]
): { readonly 'model.json': Uint8Array; readonly 'weights.bin': Uint8Array } => {
  expectNoMore(others, 'exportTfjs', 'a model')
  if (!(model instanceof Sequential))
    throw new ConfigurationError({
      where: 'exportTfjs', expected: 'a model made by sequential', got: String((model as { type?: unknown }).type),
      fix: 'Export its parts.',
    })
  expectReadable(model)
  const { layers, tensors } = kerasLayers(model)
  const { kind, size } = model.in
  const shape = { tokens: [null, null], vector: [null, size], sequence: [null, null, size] }[kind]
  const input = { batch_input_shape: shape, dtype: 'float32' } // of the weights, too
  const json = {
    format: 'layers-model',
    generatedBy: 'Recurra',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: {
        name: 'model',
        layers: layers.map((layer, i) => (i > 0 ? layer : { ...layer, config: { ...layer.config, ...input } })),
      },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [{
      paths: ['weights.bin'],
      weights: tensors.map(({ name, shape: sizes }) => ({ name, shape: sizes, dtype: 'float32' })),
    }],
  }
  const parts = tensors.map((tensor) => layouts.F32.write!(tensor.read()))
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0)
  return { 'model.json': new TextEncoder().encode(JSON.stringify(json)), 'weights.bin': bytes }
}
