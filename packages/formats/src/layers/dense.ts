import { dense } from '@recurra/layers'
import type { LayerScript } from '../javascript/script.ts'
import { meaning, sizesOf } from '../import/module.ts'
import { parameter, type Translation } from '../onnx/translation.ts'
import { asIs, transposed, type Own } from '../parameters/layout.ts'
import { sized, type Counterpart, type LayerFormat, type LayerMaker } from './layer-format.ts'

const make: LayerMaker = /* @__PURE__ */ sized(dense)

/** `nn.Linear`. */
const pytorch: Counterpart = {
  store({ params }, { path }) {
    const { weight, bias } = params as Own
    return [transposed(`${path}weight`, weight!), ...(bias ? [asIs(`${path}bias`, bias)] : [])]
  },
  recognize(parts) {
    const sizes = sizesOf(parts, { weight: ['gives', 'takes'], 'bias?': ['gives'] })
    return sizes && meaning(sizes, () => dense(sizes.gives, { bias: parts.has('bias') }))
  },
}

/** `Dense`. */
const keras: Counterpart = {
  store({ params }, { path }) {
    const { weight, bias } = params as Own
    return [asIs(`${path}kernel`, weight!), ...(bias ? [asIs(`${path}bias`, bias)] : [])]
  },
  recognize(parts) {
    const sizes = sizesOf(parts, { kernel: ['takes', 'gives'], 'bias?': ['gives'] })
    return sizes && meaning(sizes, () => dense(sizes.gives, { bias: parts.has('bias') }))
  },
}

const onnx: Translation = (x, to) => {
  const product = to.graph.node('MatMul', [x, parameter(to, 'weight')!])
  const bias = parameter(to, 'bias')
  return bias ? to.graph.node('Add', [product, bias]) : product
}

const script: LayerScript = (to) => {
  to.output()
  to.step.push(`multiply(y, input, ${to.parameter('weight')}, ${to.parameter('bias')})`, 'return y')
}

export const denseFormat: LayerFormat = { make, pytorch, keras, onnx, script }
