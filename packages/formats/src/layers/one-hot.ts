import { oneHot, type Blueprint } from '@recurra/layers'
import type { LayerScript } from '../javascript/script.ts'
import type { Translation } from '../onnx/translation.ts'
import type { LayerMaker } from './layer-format.ts'
import { taking } from './maker.ts'

export const make: LayerMaker = /* @__PURE__ */ taking([], () => oneHot() as Blueprint)

export const onnx: Translation = (x, { graph, layer }) =>
  graph.node('OneHot', [x, graph.integers([1], [layer.in.size]), graph.floats('off_on', [2], [0, 1])])

export const script: LayerScript = (to) => {
  to.output()
  to.step.push('y.fill(0)', 'y[input] = 1', 'return y')
}
