import { rnn, rnnRelu } from '@recurra/rnn'
import type { Hints } from '../import/module.ts'
import { recurrentOperator } from '../onnx/recurrent-operator.ts'
import type { Translation } from '../onnx/translation.ts'
import { kerasRecurrent } from './keras-recurrent.ts'
import type { Counterpart } from './layer-format.ts'
import { torchRecurrent } from './torch-recurrent.ts'

/** Which of the two it is, no tensor tells. */
const cellFor = ({ relu }: Hints): unknown => (relu ? rnnRelu : rnn)

/** `nn.RNN`. */
export const pytorch: Counterpart = /* @__PURE__ */ torchRecurrent(1, cellFor)

/** `SimpleRNN`. */
export const keras: Counterpart = /* @__PURE__ */ kerasRecurrent({ gates: [0], make: cellFor })

export const onnx: Translation = /* @__PURE__ */ recurrentOperator({ name: 'RNN', gates: [0], state: ['h'] })
