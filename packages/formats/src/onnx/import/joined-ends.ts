import { last, lastAndMeanPool } from '@recurra/rnn'
import { featuresAxis } from './axes.ts'
import { layerNode, sizeOfNode } from './layers.ts'
import { isOperation, type Slice } from './tree.ts'
import type { Flow, LayerGraph, LayerNode } from './values.ts'

/** The ends of both directions of one layer: the forward half at the last step, the backward half at the first. */
export const joinedEnds = (parts: readonly Flow[]): Flow | undefined => {
  const [forward, backward] = parts
  if (!forward) return undefined
  if (!backward) return forward
  const [ahead, back] = [forward.node, backward.node]
  if (ahead.type !== 'layer' || back.type !== 'layer' || !isLast(ahead) || !isLast(back)) return undefined
  if (ahead.blueprint.options !== undefined || back.blueprint.options?.['reverse'] !== true) return undefined
  const [first, second] = [halfOf(ahead.from), halfOf(back.from)]
  if (!first || !second || first.of !== second.of || first.from !== 0 || second.from !== first.to) return undefined
  const size = sizeOfNode(first.of) ?? 0
  if (second.to !== size) return undefined
  const node = layerNode(first.of, size, last({ bidirectional: true }), {}, { overTime: true })
  return { kind: 'flow', node, axes: [...forward.axes.slice(0, -1), featuresAxis(size)] }
}

const isLast = ({ blueprint }: LayerNode): boolean => blueprint.type === 'last'

const halfOf = (node: LayerGraph): (Slice & { readonly of: LayerGraph }) | undefined => {
  if (node.type !== 'formula' || typeof node.tree === 'number' || node.tree instanceof Float32Array) return undefined
  return isOperation(node.tree) ? undefined : { ...node.tree, of: node.from }
}

/** The last step and the mean of one sequence. */
export const lastAndMean = ([first, second]: readonly Flow[]): Flow | undefined => {
  const [end, mean] = [first!.node, second!.node]
  if (end.type !== 'layer' || mean.type !== 'layer' || end.from !== mean.from) return undefined
  if (!isLast(end) || mean.blueprint.type !== 'meanPool') return undefined
  const size = 2 * (sizeOfNode(end) ?? 0)
  const node = layerNode(end.from, size, lastAndMeanPool(end.blueprint.options), {}, { overTime: true })
  return { kind: 'flow', node, axes: [...first!.axes.slice(0, -1), featuresAxis(size)] }
}
