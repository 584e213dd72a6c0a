import { last } from '@recurra/rnn'
import type { Translated, ValueName } from '../onnx/translation.ts'
import { taking, type LayerFormat } from './layer-format.ts'

/** The values at the last step, in ONNX. */
const atEnd = (x: ValueName, { graph, lengths }: Translated): ValueName => {
  if (!lengths) return graph.node('Gather', [x, graph.integers([], [-1])], { axis: 0 })
  const one = graph.integers([1], [1])
  // [batch, 1]
  const steps = graph.node('Unsqueeze', [graph.node('Sub', [graph.node('Cast', [lengths], { to: 7 }), one]), one])
  return graph.node('GatherND', [graph.node('Transpose', [x], { perm: [1, 0, 2] }), steps], { batch_dims: 1 })
}

export const lastFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['bidirectional', 'reverse'], (options) => last(options)),
  onnx(x, to) {
    const { graph, layer, blueprint } = to
    if (blueprint.options?.['reverse'] === true) return graph.node('Gather', [x, graph.integers([], [0])], { axis: 0 })
    if (blueprint.options?.['bidirectional'] !== true) return atEnd(x, to)
    const columns = (from: number, until: number): ValueName =>
      graph.node('Slice', [x, graph.integers([1], [from]), graph.integers([1], [until]), graph.integers([1], [2])])
    const [half, size] = [layer.in.size / 2, layer.in.size]
    const first = graph.node('Gather', [columns(half, size), graph.integers([], [0])], { axis: 0 })
    return graph.node('Concat', [atEnd(columns(0, half), to), first], { axis: -1 })
  },
  /** In streaming, the last step is the current one. */
  script: ({ step }) => void step.push('return input'),
}
