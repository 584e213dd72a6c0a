import { embedding } from '@recurra/layers'
import { recognized } from '../import/module.ts'
import { parameter } from '../onnx/translation.ts'
import { asIs, type Own } from '../parameters/layout.ts'
import { sized, type Counterpart, type LayerFormat } from './layer-format.ts'

/** A framework's name for the table. */
const counterpart = (table: string): Counterpart => ({
  store: ({ params }, { path }) => [asIs(path + table, (params as Own)['weight']!)],
  recognize: (parts) => recognized(parts, { [table]: ['takes', 'gives'] }, ({ gives }) => embedding(gives)),
})

export const embeddingFormat: LayerFormat = {
  make: /* @__PURE__ */ sized(embedding),
  /** `nn.Embedding`. */
  pytorch: /* @__PURE__ */ counterpart('weight'),
  /** `Embedding`. */
  keras: /* @__PURE__ */ counterpart('embeddings'),
  onnx: (x, to) => to.graph.node('Gather', [parameter(to, 'weight')!, x]),
  script(to) {
    const { step, units } = to
    step.push(`return ${to.parameter('weight')}.subarray(${units} * input, ${units} * (input + 1))`)
  },
}
