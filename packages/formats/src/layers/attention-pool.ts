import { attentionPool, type AttentionPool } from '@recurra/layers'
import { withoutPadding } from '../onnx/translation.ts'
import { bodyOf, made, stored } from './branches.ts'
import { taking, type LayerFormat } from './layer-format.ts'

/** So low that the softmax gives padding no weight, and finite, so that a sequence without steps is no NaN. */
const lowest = -3e38

export const attentionPoolFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['scores'], ({ scores }, inner) => attentionPool(made(inner, scores))),
  pytorch: /* @__PURE__ */ stored('.', bodyOf),
  keras: /* @__PURE__ */ stored('/', bodyOf),
  onnx(x, { graph, layer, path, lengths, sequence }) {
    const scores = sequence((layer as AttentionPool).body, x, `${path}.`) // [time, batch, 1]
    const weights = graph.node('Softmax', [withoutPadding(scores, graph, lengths, lowest)], { axis: 0 })
    const weighted = graph.node('Mul', [
      withoutPadding(weights, graph, lengths), withoutPadding(x, graph, lengths),
    ])
    return graph.node('ReduceSum', [weighted, graph.integers([1], [0])], { keepdims: 0 })
  },
}
