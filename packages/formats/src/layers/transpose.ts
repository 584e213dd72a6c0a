import { transpose } from '@recurra/layers'
import { taking, type LayerFormat } from './layer-format.ts'
import { withLengths } from './pad.ts'

export const transposeFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['steps'], ({ steps }) => transpose(steps as number)),
  onnx(x, { graph, lengths, path }) {
    if (lengths) throw withLengths('transpose', path)
    return graph.node('Transpose', [x], { perm: [2, 1, 0] })
  },
}
