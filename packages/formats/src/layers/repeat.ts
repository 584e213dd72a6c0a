import { repeat } from '@recurra/rnn'
import { taking, type LayerFormat } from './layer-format.ts'

export const repeatFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['steps'], ({ steps }) => repeat(steps as number)),
  onnx(x, { graph, blueprint }) {
    const sizes = graph.integers([3], [Number(blueprint.options?.['steps']), 1, 1])
    return graph.node('Expand', [graph.node('Unsqueeze', [x, graph.integers([1], [0])]), sizes])
  },
  onnxLengths: () => undefined,
}
