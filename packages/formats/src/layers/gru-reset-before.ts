import { gruResetBefore } from '@recurra/rnn'
import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import { kerasRecurrent } from '../parameters/keras/recurrent.ts'
import { sized, type LayerFormat } from './layer-format.ts'

/** PyTorch does not have it; Keras and ONNX have gates z r h. */
export const gruResetBeforeFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(gruResetBefore),
  /** `GRU(reset_after=False)`. */
  keras: /* @__PURE__ */ kerasRecurrent({ gates: [1, 0, 2], ambiguous: true, make: () => gruResetBefore }),
  onnx: /* @__PURE__ */ recurrentOperator({ name: 'GRU', gates: [1, 0, 2], state: ['h'], resetAfter: false }),
}
