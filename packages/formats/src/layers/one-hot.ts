import { oneHot } from '@recurra/layers'
import { taking, type LayerFormat } from './layer-format.ts'

export const oneHotFormat: LayerFormat = {
  make: /* @__PURE__ */ taking([], () => oneHot()),
  onnx: (x, { graph, layer }) =>
    graph.node('OneHot', [x, graph.integers([1], [layer.in.size]), graph.floats('off_on', [2], [0, 1])]),
  script(to) {
    to.output()
    to.step.push('y.fill(0)', 'y[input] = 1', 'return y')
  },
}
