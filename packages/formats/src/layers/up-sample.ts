import { upSample } from '@recurra/layers'
import { taking, type LayerFormat } from './layer-format.ts'
import { scaledLengths } from './transposed-convolution.ts'
import type { Translated } from '../onnx/translation.ts'

const factorOf = ({ blueprint }: Translated): number => Number(blueprint.options?.['factor'])

export const upSampleFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['factor'], ({ factor }) => upSample(factor as number)),
  /** [time, batch, features] -> [time, factor, batch, features] -> [time · factor, batch, features]. */
  onnx(x, to) {
    const { graph } = to
    const factor = factorOf(to)
    const parts = graph.node('Unsqueeze', [x, graph.integers([1], [1])])
    const repeated = graph.node('Expand', [parts, graph.integers([4], [1, factor, 1, 1])])
    const shape = graph.node('Mul', [graph.node('Shape', [x]), graph.integers([3], [factor, 1, 1])])
    return graph.node('Reshape', [repeated, shape])
  },
  onnxLengths: (lengths, to) => scaledLengths(lengths, to, factorOf(to)),
}
