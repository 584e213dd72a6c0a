import type { Blueprint } from '@recurra/layers'
import { repeat } from '@recurra/rnn'
import type { Translation } from '../onnx/translation.ts'
import { taking, type LayerFormat, type LayerMaker } from './layer-format.ts'

const make: LayerMaker = /* @__PURE__ */ taking(['steps'], ({ steps }) => repeat(steps as number) as Blueprint)

const onnx: Translation = (x, { graph, blueprint }) => {
  const sizes = graph.integers([3], [Number(blueprint.options?.['steps']), 1, 1])
  return graph.node('Expand', [graph.node('Unsqueeze', [x, graph.integers([1], [0])]), sizes])
}

export const repeatFormat: LayerFormat = { make, onnx }
