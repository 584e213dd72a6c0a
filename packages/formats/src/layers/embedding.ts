import { int8Of, integersOf } from '@recurra/backend'
import { embedding } from '@recurra/layers'
import { recognized } from '../import/module.ts'
import { parameter, scaled } from '../onnx/translation.ts'
import { scaleOf, scaleShapeOf } from '../parameters/int8-parameters.ts'
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
  /** Of an int8 table, the rows are multiplied by their scales, not the whole table at every call. */
  onnx(x, to) {
    const { graph, layer, path } = to
    const { value } = (layer.params as Own)['weight']!
    const int8 = int8Of(value)
    if (int8?.axis !== 0) return graph.node('Gather', [parameter(to, 'weight')!, x])
    const at = `${path}.weight`
    const table = graph.int8(at, value.shape, integersOf(int8))
    const scales = graph.floats(scaleOf(at), scaleShapeOf(int8), int8.scales)
    return scaled(graph, graph.node('Gather', [table, x]), graph.node('Gather', [scales, x]))
  },
  script(to) {
    const { step, units } = to
    step.push(`return ${to.parameter('weight')}.subarray(${units} * input, ${units} * (input + 1))`)
  },
}
