import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import type { Translation } from '../onnx/translation.ts'
import { kerasRecurrent } from './keras-recurrent.ts'
import type { Counterpart } from './layer-format.ts'
import * as rnn from './rnn.ts'

/** The tensors of `nn.RNN`, which is asked which of the two they mean. */
export const pytorch: Counterpart = { store: rnn.pytorch.store }

/** The tensors of `SimpleRNN`. */
export const keras: Counterpart = /* @__PURE__ */ kerasRecurrent({ gates: [0] })

export const onnx: Translation = /* @__PURE__ */ recurrentOperator({
  name: 'RNN',
  gates: [0],
  state: ['h'],
  activations: ['Relu'],
})
