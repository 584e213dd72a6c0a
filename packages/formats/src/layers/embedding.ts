import { embedding } from '@recurra/layers'
import type { LayerScript } from '../javascript/script.ts'
import { meaning, sizesOf } from '../import/module.ts'
import { parameter, type Translation } from '../onnx/translation.ts'
import { asIs, type Own } from '../parameters/layout.ts'
import { sized, type Counterpart, type LayerFormat, type LayerMaker } from './layer-format.ts'

const make: LayerMaker = /* @__PURE__ */ sized(embedding)

/** `nn.Embedding`. */
const pytorch: Counterpart = {
  store: ({ params }, { path }) => [asIs(`${path}weight`, (params as Own)['weight']!)],
  recognize(parts) {
    const sizes = sizesOf(parts, { weight: ['takes', 'gives'] })
    return sizes && meaning(sizes, () => embedding(sizes.gives))
  },
}

/** `Embedding`. */
const keras: Counterpart = {
  store: ({ params }, { path }) => [asIs(`${path}embeddings`, (params as Own)['weight']!)],
  recognize(parts) {
    const sizes = sizesOf(parts, { embeddings: ['takes', 'gives'] })
    return sizes && meaning(sizes, () => embedding(sizes.gives))
  },
}

const onnx: Translation = (x, to) => to.graph.node('Gather', [parameter(to, 'weight')!, x])

const script: LayerScript = (to) => {
  const { step, units } = to
  step.push(`return ${to.parameter('weight')}.subarray(${units} * input, ${units} * (input + 1))`)
}

export const embeddingFormat: LayerFormat = { make, pytorch, keras, onnx, script }
