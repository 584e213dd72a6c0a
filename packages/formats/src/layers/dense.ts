import { dense } from '@recurra/layers'
import { recognized, type Pattern } from '../import/module.ts'
import { parameter } from '../onnx/translation.ts'
import { asIs, transposed, type Own } from '../parameters/layout.ts'
import { sized, type Counterpart, type LayerFormat } from './layer-format.ts'

/** A framework's name for the weight, its memory order, and its axes. */
const counterpart = (kernel: string, stored: typeof asIs, axes: Pattern[string]): Counterpart => ({
  store({ params }, { path }) {
    const { weight, bias } = params as Own
    return [stored(path + kernel, weight!), ...(bias ? [asIs(`${path}bias`, bias)] : [])]
  },
  recognize: (parts) =>
    recognized(parts, { [kernel]: axes, 'bias?': ['gives'] }, ({ gives }) => dense(gives, { bias: parts.has('bias') })),
})

export const denseFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(dense),
  /** `nn.Linear`. */
  pytorch: /* @__PURE__ */ counterpart('weight', transposed, ['gives', 'takes']),
  /** `Dense`. */
  keras: /* @__PURE__ */ counterpart('kernel', asIs, ['takes', 'gives']),
  onnx(x, to) {
    const product = to.graph.node('MatMul', [x, parameter(to, 'weight')!])
    const bias = parameter(to, 'bias')
    return bias ? to.graph.node('Add', [product, bias]) : product
  },
  script(to) {
    to.output()
    to.step.push(`multiply(y, input, ${to.parameter('weight')}, ${to.parameter('bias')})`, 'return y')
  },
}
