import { mergeDirections, type MergeMode } from '@recurra/rnn'
import { taking, type LayerFormat } from './layer-format.ts'

export const mergeDirectionsFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['mode'], ({ mode }) => mergeDirections(mode as MergeMode)),
  onnx(x, { graph, layer: { in: { size } }, blueprint }) {
    const half = (from: number): string => graph.node('Slice', [
      x, graph.integers([1], [from]), graph.integers([1], [from + size / 2]), graph.integers([1], [-1]),
    ])
    const merged = graph.node(blueprint.options?.['mode'] === 'product' ? 'Mul' : 'Add', [half(0), half(size / 2)])
    if (blueprint.options?.['mode'] !== 'mean') return merged
    return graph.node('Mul', [merged, graph.floats('half', [], [0.5])])
  },
  script(to, { options }) {
    const merged = { sum: 'a + b', mean: '(a + b) / 2', product: 'a * b' }[options?.['mode'] as MergeMode]
    const half = to.layer.in.size / 2
    to.output()
    to.step.push(
      `for (let u = 0; u < ${half}; u++) {`,
      `  const [a, b] = [input[u], input[u + ${half}]]`,
      `  y[u] = ${merged}`,
      '}',
      'return y',
    )
  },
}
