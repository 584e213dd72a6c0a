import { upSample } from '@recurra/layers'
import { taking, type LayerFormat } from './layer-format.ts'
import { scaledLengths } from './transposed-convolution.ts'
import type { Translated } from '../onnx/translation.ts'

const factorOf = ({ blueprint }: Translated): number => Number(blueprint.options?.['factor'])

export const upSampleFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['factor'], ({ factor }) => upSample(factor as number)),
  /** Over [batch, features, time], as PyTorch writes its Upsample. */
  onnx(x, to) {
    const { graph } = to
    const features = graph.node('Transpose', [x], { perm: [1, 2, 0] })
    const scales = graph.floats('scales', [3], [1, 1, factorOf(to)])
    const y = graph.node('Resize', [features, '', scales], {
      mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor',
    })
    return graph.node('Transpose', [y], { perm: [2, 0, 1] })
  },
  onnxLengths: (lengths, to) => scaledLengths(lengths, to, factorOf(to)),
  script: ({ step }, { options }) => void step.push(`return Array(${Number(options?.['factor'])}).fill(input)`),
}
