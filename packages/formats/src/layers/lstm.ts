import { lstm } from '@recurra/rnn'
import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import { kerasRecurrent } from '../frameworks/keras/recurrent.ts'
import { sized, type LayerFormat } from './layer-format.ts'
import { torchRecurrent } from '../frameworks/pytorch/recurrent.ts'

export const lstmFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(lstm),
  /** `nn.LSTM`: gates i f g o, as ours. */
  pytorch: /* @__PURE__ */ torchRecurrent(4, () => lstm),
  /** `LSTM`: gates i f c o, ours under other names. */
  keras: /* @__PURE__ */ kerasRecurrent({ gates: [0, 1, 2, 3], make: () => lstm }),
  /** Gates i o f c. */
  onnx: /* @__PURE__ */ recurrentOperator({ name: 'LSTM', gates: [0, 3, 1, 2], state: ['h', 'c'] }),
}
