import { gru, gruResetBefore } from '@recurra/rnn'
import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import { kerasRecurrent } from '../frameworks/keras/recurrent.ts'
import { sized, type LayerFormat } from './layer-format.ts'
import { torchRecurrent } from '../frameworks/pytorch/recurrent.ts'

/** Keras and ONNX have gates z r h. */
export const gruFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(gru),
  /** `nn.GRU`: gates r z n, as ours. */
  pytorch: /* @__PURE__ */ torchRecurrent(3, () => gru),
  /** `GRU(reset_after=True)`. */
  keras: /* @__PURE__ */ kerasRecurrent({ gates: [1, 0, 2], twoBiases: true, ambiguous: true, make: () => gru }),
  onnx: /* @__PURE__ */ recurrentOperator({ name: 'GRU', gates: [1, 0, 2], state: ['h'], resetAfter: true }),
}

/** The reset comes before the product, which PyTorch does not have. */
export const gruResetBeforeFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(gruResetBefore),
  /** `GRU(reset_after=False)`. */
  keras: /* @__PURE__ */ kerasRecurrent({ gates: [1, 0, 2], ambiguous: true, make: () => gruResetBefore }),
  onnx: /* @__PURE__ */ recurrentOperator({ name: 'GRU', gates: [1, 0, 2], state: ['h'], resetAfter: false }),
}
