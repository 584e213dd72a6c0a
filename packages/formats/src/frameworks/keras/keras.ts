import { frameworkLayout, type FrameworkLayout } from '../framework.ts'
import { kerasModules } from './modules.ts'
import { plainKerasTensors } from './readings.ts'

/**
 * The weights of Keras, in the order of its `get_weights()`, named after the layer and the weight: "0/kernel",
 * "1/forward/recurrent_kernel". Kernels have the same layout as ours; the gates of a GRU are in another order (z r h),
 * and its two biases, if the reset comes after the product (`gru`), are the rows of one tensor. All other layers have
 * one bias: our two biases are added when written, and the second is 0 when read. A file may also use the names of
 * Keras itself (`lstm/lstm_cell/kernel:0`, `layers/lstm/cell/vars/0`), or hold weights of CuDNN.
 *
 * ```ts
 * import { keras, loadParameters, lstm, saveParameters, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(8)])
 * loadParameters(model, saveParameters(model, { layout: keras }), { layout: keras })
 * ```
 * @throws `ConfigurationError` if Keras has no such layer.
 */
export const keras: FrameworkLayout = /* @__PURE__ */ frameworkLayout({
  field: 'keras',
  title: 'Keras',
  separator: '/',
  names: /(^|\/)(kernel|embeddings|gamma|beta|weights|softmax_w|recurrent_kernel|vars\/\d+)(:0)?$/,
  plain: (tensors) => plainKerasTensors(tensors, 'loadParameters'),
  modules: kerasModules,
})
