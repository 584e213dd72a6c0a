import { gruResetBefore } from '@recurra/rnn'
import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import type { Translation } from '../onnx/translation.ts'
import { kerasRecurrent } from './keras-recurrent.ts'
import { sized, type Counterpart, type LayerFormat } from './layer-format.ts'

/** `GRU(reset_after=False)`: gates z r h. PyTorch does not have it. */
const keras: Counterpart = /* @__PURE__ */ kerasRecurrent({
  gates: [1, 0, 2],
  ambiguous: true,
  make: () => gruResetBefore,
})

/** Gates z r h. */
const onnx: Translation = /* @__PURE__ */ recurrentOperator({
  name: 'GRU',
  gates: [1, 0, 2],
  state: ['h'],
  resetAfter: false,
})

export const gruResetBeforeFormat: LayerFormat = { make: /* @__PURE__ */ sized(gruResetBefore), keras, onnx }
