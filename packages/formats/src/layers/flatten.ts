import { flatten, unflatten } from '@recurra/layers'
import { taking, type LayerFormat } from './layer-format.ts'
import { withLengths } from './pad.ts'

export const flattenFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['steps'], ({ steps }) => flatten(steps as number)),
  /** [time, batch, features] as [batch, time · features]. */
  onnx(x, { graph, layer, lengths, path }) {
    if (lengths) throw withLengths('flatten', path)
    const batchFirst = graph.node('Transpose', [x], { perm: [1, 0, 2] })
    return graph.node('Reshape', [batchFirst, graph.integers([2], [-1, layer.out.size])])
  },
}

export const unflattenFormat: LayerFormat = {
  make: /* @__PURE__ */ taking(['steps'], ({ steps }) => unflatten(steps as number)),
  onnx(x, { graph, layer, blueprint }) {
    const steps = Number(blueprint.options?.['steps'])
    const batchFirst = graph.node('Reshape', [x, graph.integers([3], [-1, steps, layer.out.size])])
    return graph.node('Transpose', [batchFirst], { perm: [1, 0, 2] })
  },
  onnxLengths: () => undefined,
}
