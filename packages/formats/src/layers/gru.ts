import { gru } from '@recurra/rnn'
import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import type { Translation } from '../onnx/translation.ts'
import { kerasRecurrent } from './keras-recurrent.ts'
import { sized, type Counterpart, type LayerFormat } from './layer-format.ts'
import { torchRecurrent } from './torch-recurrent.ts'

/** `nn.GRU`: gates r z n, as ours. */
const pytorch: Counterpart = /* @__PURE__ */ torchRecurrent(3, () => gru)

/** `GRU(reset_after=True)`: gates z r h. */
const keras: Counterpart = /* @__PURE__ */ kerasRecurrent({
  gates: [1, 0, 2],
  twoBiases: true,
  ambiguous: true,
  make: () => gru,
})

/** Gates z r h. */
const onnx: Translation = /* @__PURE__ */ recurrentOperator({
  name: 'GRU',
  gates: [1, 0, 2],
  state: ['h'],
  resetAfter: true,
})

export const gruFormat: LayerFormat = { make: /* @__PURE__ */ sized(gru), pytorch, keras, onnx }
