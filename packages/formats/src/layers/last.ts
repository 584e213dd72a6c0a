import type { Blueprint } from '@recurra/layers'
import { last } from '@recurra/rnn'
import type { LayerScript } from '../javascript/script.ts'
import type { Translation } from '../onnx/translation.ts'
import type { LayerMaker } from './layer-format.ts'
import { taking } from './maker.ts'

export const make: LayerMaker = /* @__PURE__ */ taking([], () => last() as Blueprint)

export const onnx: Translation = (x, { graph, lengths }) => {
  if (!lengths) return graph.node('Gather', [x, graph.integers([], [-1])], { axis: 0 })
  const one = graph.integers([1], [1])
  const steps = graph.node('Unsqueeze', [graph.node('Sub', [graph.node('Cast', [lengths], { to: 7 }), one]), one]) // [batch, 1]
  return graph.node('GatherND', [graph.node('Transpose', [x], { perm: [1, 0, 2] }), steps], { batch_dims: 1 })
}

/** To who takes one step at a time, the last step is the one that is there. */
export const script: LayerScript = ({ step }) => void step.push('return input')
