import { modelLayout } from '../counterpart-layout.ts'
import { plainKerasTensors } from './readings.ts'
import type { ParameterLayout } from '../layout.ts'

/**
 * The weights of Keras, in the order of its `get_weights()`, under the names of the layer and of the weight:
 * "0/kernel", "1/forward/recurrent_kernel". Kernels lie as ours do; the gates of a GRU are in another order (z r h),
 * and its two biases, where the reset comes after the product (`gru`), are the rows of one tensor. All others have one
 * bias: two of ours are added when they are written, and the second is 0 when they are read. A file may also have the
 * names of Keras itself (`lstm/lstm_cell/kernel:0`, `layers/lstm/cell/vars/0`), or weights of CuDNN.
 *
 * ```ts
 * import { keras, loadParameters, lstm, saveParameters, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(8)])
 * loadParameters(model, saveParameters(model, { layout: keras }), { layout: keras })
 * ```
 * @throws `ConfigurationError` if Keras does not have such a layer.
 */
export const keras: ParameterLayout = /* @__PURE__ */ modelLayout('keras', (tensors) =>
  plainKerasTensors(tensors, 'loadParameters'))
