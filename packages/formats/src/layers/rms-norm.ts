import { rmsNorm, type Blueprint } from '@recurra/layers'
import { recognized } from '../import/module.ts'
import { parameter } from '../onnx/translation.ts'
import { asIs, type Own } from '../parameters/layout.ts'
import type { Counterpart, LayerFormat } from './layer-format.ts'
import { elementWiseScript } from './activation.ts'

const store = (scale: string): Counterpart['store'] => ({ params }, { path }) =>
  Object.values(params as Own).map((param) => asIs(path + scale, param))

export const rmsNormFormat: LayerFormat = {
  make: (options) => rmsNorm(options) as Blueprint,
  /** `nn.RMSNorm`. Its only tensor is that of a LayerNorm with bias=False, too, for which it is taken by an import. */
  pytorch: { store: /* @__PURE__ */ store('weight') },
  /** `RMSNormalization`. */
  keras: {
    store: /* @__PURE__ */ store('scale'),
    recognize(parts) {
      const found = recognized(parts, { scale: ['takes'] }, () => rmsNorm())
      return found && { ...found, assumed: 'its epsilon is taken for 1e-6, the default of Keras, as no tensor tells' }
    },
  },
  onnx(x, to) {
    const { graph, blueprint } = to
    const epsilon = graph.floats(`${to.path}.epsilon`, [], [Number(blueprint.options?.['epsilon'])])
    const meanSquare = graph.node('ReduceMean', [graph.node('Mul', [x, x])], { axes: [-1] })
    const normal = graph.node('Div', [x, graph.node('Sqrt', [graph.node('Add', [meanSquare, epsilon])])])
    const scale = parameter(to, 'scale')
    return scale ? graph.node('Mul', [normal, scale]) : normal
  },
  script: elementWiseScript,
}
