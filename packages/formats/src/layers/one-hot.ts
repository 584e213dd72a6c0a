import { oneHot, type Blueprint } from '@recurra/layers'
import type { LayerScript } from '../javascript/script.ts'
import type { Translation } from '../onnx/translation.ts'
import { taking, type LayerFormat, type LayerMaker } from './layer-format.ts'

const make: LayerMaker = /* @__PURE__ */ taking([], () => oneHot() as Blueprint)

const onnx: Translation = (x, { graph, layer }) =>
  graph.node('OneHot', [x, graph.integers([1], [layer.in.size]), graph.floats('off_on', [2], [0, 1])])

const script: LayerScript = (to) => {
  to.output()
  to.step.push('y.fill(0)', 'y[input] = 1', 'return y')
}

export const oneHotFormat: LayerFormat = { make, onnx, script }
