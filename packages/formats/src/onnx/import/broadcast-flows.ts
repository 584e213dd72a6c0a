import { dense } from '@recurra/layers'
import { repeat } from '@recurra/rnn'
import { passShape, unsupported } from './faults.ts'
import { oneFeature } from './formulas.ts'
import { layerNode, sizeOfNode } from './layers.ts'
import type { Axis, Flow, LayerGraph } from './values.ts'

/**
 * The nodes of values that are combined element by element: a vector is repeated at every step of a sequence, and one
 * feature as every feature.
 */
export const broadcastFlows = (flows: readonly Flow[], where: string): LayerGraph[] => {
  const time = flows.flatMap(({ axes }) => axes.filter(({ role }) => role === 'time'))[0]
  const own = flows.map((flow) => (time && !hasSteps(flow) ? repeated(oneFeature(flow), time, where) : flow.node))
  const size = Math.max(...own.map((node) => sizeOfNode(node) ?? 0))
  return own.map((node) => {
    if (size === 1 || sizeOfNode(node) !== 1) return node
    return layerNode(node, size, dense(size, { bias: false }), { weight: new Float32Array(size).fill(1) })
  })
}

/** Whether a value has an axis that is, or may be, that of time. */
const hasSteps = ({ axes }: Flow): boolean =>
  axes.some(({ role }) => role === 'time') || !axes.some(({ size, inserted }) => inserted && size === 1)

const repeated = ({ node }: Flow, { size }: Axis, where: string): LayerGraph => {
  if (typeof size === 'number') return layerNode(node, sizeOfNode(node), repeat(size), {}, { overTime: true })
  throw unsupported(where, 'a number of steps that is known, for a vector that is repeated', String(size), passShape)
}
