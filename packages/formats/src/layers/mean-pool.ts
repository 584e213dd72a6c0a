import { lastAndMeanPool, meanPool } from '@recurra/rnn'
import { withoutPadding } from '../onnx/translation.ts'
import { lastFormat } from './last.ts'
import { taking, type LayerFormat } from './layer-format.ts'

export const meanPoolFormat: LayerFormat = {
  make: /* @__PURE__ */ taking([], () => meanPool()),
  /** The sum over the real steps of [time, batch, features], divided by their number; 0 if there are no steps. */
  onnx(x, { graph, lengths }) {
    if (!lengths) return graph.node('ReduceMean', [x], { axes: [0], keepdims: 0 })
    const kept = withoutPadding(x, graph, lengths)
    const sum = graph.node('ReduceSum', [kept, graph.integers([1], [0])], { keepdims: 0 })
    const count = graph.node('Max', [graph.node('Cast', [lengths], { to: 1 }), graph.floats('one', [], [1])])
    return graph.node('Div', [sum, graph.node('Unsqueeze', [count, graph.integers([1], [1])])])
  },
}

export const lastAndMeanPoolFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['bidirectional', 'reverse'], (options) => lastAndMeanPool(options)),
  onnx: (x, to) => to.graph.node('Concat', [lastFormat.onnx!(x, to), meanPoolFormat.onnx!(x, to)], { axis: -1 }),
}
