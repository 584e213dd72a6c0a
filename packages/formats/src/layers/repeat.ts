import type { Blueprint } from '@recurra/layers'
import { repeat } from '@recurra/rnn'
import type { Translation } from '../onnx/translation.ts'
import type { LayerMaker } from './layer-format.ts'
import { taking } from './maker.ts'

export const make: LayerMaker = /* @__PURE__ */ taking(['steps'], ({ steps }) => repeat(steps as number) as Blueprint)

export const onnx: Translation = (x, { graph, blueprint }) => {
  const sizes = graph.integers([3], [Number(blueprint.options?.['steps']), 1, 1])
  return graph.node('Expand', [graph.node('Unsqueeze', [x, graph.integers([1], [0])]), sizes])
}
