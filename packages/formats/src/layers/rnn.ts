import { rnn, rnnRelu } from '@recurra/rnn'
import type { Hints } from '../import/module.ts'
import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import type { Translation } from '../onnx/translation.ts'
import { kerasRecurrent } from './keras-recurrent.ts'
import { sized, type Counterpart, type LayerFormat } from './layer-format.ts'
import { torchRecurrent } from './torch-recurrent.ts'

/** Which of the two it is, no tensor tells. */
const cellFor = ({ relu }: Hints): unknown => (relu ? rnnRelu : rnn)

/** `nn.RNN`. */
const pytorch: Counterpart = /* @__PURE__ */ torchRecurrent(1, cellFor)

/** `SimpleRNN`. */
const keras: Counterpart = /* @__PURE__ */ kerasRecurrent({ gates: [0], make: cellFor })

const onnx: Translation = /* @__PURE__ */ recurrentOperator({ name: 'RNN', gates: [0], state: ['h'] })

export const rnnFormat: LayerFormat = { make: /* @__PURE__ */ sized(rnn), pytorch, keras, onnx }

/** The same tensors; `rnn` is asked which of the two they mean. */
export const rnnReluFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(rnnRelu),
  pytorch: { store: pytorch.store },
  keras: /* @__PURE__ */ kerasRecurrent({ gates: [0] }),
  onnx: /* @__PURE__ */ recurrentOperator({ name: 'RNN', gates: [0], state: ['h'], activations: ['Relu'] }),
}
