import { rnn, rnnRelu } from '@recurra/rnn'
import { activationIsTanh, type Hints } from '../import/module.ts'
import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import { kerasRecurrent } from '../frameworks/keras/recurrent.ts'
import { sized, type Counterpart, type LayerFormat } from './layer-format.ts'
import { torchRecurrent } from '../frameworks/pytorch/recurrent.ts'

/** The tensors do not reveal which of the two it is. */
const cellFor = ({ relu }: Hints): unknown => (relu ? rnnRelu : rnn)

/** States that tanh was assumed, where no hint tells which of the two it is. */
const assuming = ({ recognize, ...counterpart }: Counterpart): Counterpart => ({
  ...counterpart,
  recognize(parts, hints, inner) {
    const found = recognize?.(parts, hints, inner)
    return found && hints.relu === undefined ? { ...found, assumed: activationIsTanh } : found
  },
})

/** `nn.RNN` and `SimpleRNN`. */
export const rnnFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(rnn),
  pytorch: /* @__PURE__ */ assuming(torchRecurrent(1, cellFor)),
  keras: /* @__PURE__ */ assuming(kerasRecurrent({ gates: [0], make: cellFor })),
  onnx: /* @__PURE__ */ recurrentOperator({ name: 'RNN', gates: [0], state: ['h'] }),
}

/** The same tensors; `rnn` decides which of the two they are. */
export const rnnReluFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(rnnRelu),
  pytorch: { store: rnnFormat.pytorch!.store },
  keras: /* @__PURE__ */ kerasRecurrent({ gates: [0] }),
  onnx: /* @__PURE__ */ recurrentOperator({ name: 'RNN', gates: [0], state: ['h'], activations: ['Relu'] }),
}
