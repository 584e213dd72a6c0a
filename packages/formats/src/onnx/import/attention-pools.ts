import { attentionPool } from '@recurra/layers'
import { broadcast, expectTimeAt, insertedAxis, reducedAxes } from './axes.ts'
import { unsupported } from './faults.ts'
import { layerNode, partialNode, sizeOfNode } from './layers.ts'
import { inSequence, lineOf } from './merge.ts'
import type { OperatorCall } from './operator.ts'
import type { Flow, LayerGraph, PartialNode } from './values.ts'

// softmax over time of a score, times the values that it was computed from, summed over time: three operators, or two
// where a product of matrices sums. They become one layer when the last one is met.

/** One weight for each step: softmax over time of a score. */
export const weightsOf = (score: Flow, at: number, where: string): Flow => {
  expectTimeAt(score, at, where)
  const size = sizeOfNode(score.node)
  if (size !== 1) throw unsupported(where, 'one score for each step, where a softmax goes over time', `${size}`)
  return { ...score, node: partialNode('weights', score.node, where) }
}

const isWeights = ({ node }: Flow): boolean => node.type === 'weights'

const weightedNode = (where: string, a: Flow, b: Flow): PartialNode | undefined => {
  const [weights, values] = isWeights(a) ? [a, b] : [b, a]
  return isWeights(weights) ? partialNode('weighted', values.node, where, { weights: weights.node }) : undefined
}

/** Values times their weights; undefined if neither is one. */
export const weighted = ({ where }: OperatorCall, a: Flow, b: Flow): Flow | undefined => {
  const node = weightedNode(where, a, b)
  return node && { kind: 'flow', axes: broadcast(a, b, where), node }
}

/** The sum of weighted values over time; undefined if they are none. */
export const sumOfWeighted = (x: Flow, at: number, keep: boolean): Flow | undefined =>
  x.node.type === 'weighted' ? { kind: 'flow', node: poolOf(x.node), axes: reducedAxes(x, at, keep) } : undefined

/**
 * weights [batch, 1, time] · values [batch, time, features], or both turned around: the product sums over time;
 * undefined if neither is a weight.
 */
export const productWithWeights = ({ where }: OperatorCall, a: Flow, b: Flow): Flow | undefined => {
  const node = weightedNode(where, a, b)
  if (!node) return undefined
  expectTimeAt(a, a.axes.length - 1, where)
  expectTimeAt(b, b.axes.length - 2, where)
  const axes = [...a.axes.slice(0, -1), b.axes.at(-1)!]
  return {
    kind: 'flow', node: poolOf(node),
    axes: axes.map((axis) => (axis.size === 1 && axis.role !== 'batch' ? insertedAxis() : axis)),
  }
}

/** The layer: its parts are what computes the scores from the values. */
const poolOf = ({ from: values, weights, where }: PartialNode): LayerGraph => {
  const line = lineOf((weights as PartialNode).from)
  const end = line.indexOf(values)
  if (end < 0) throw unsupported(where, 'weights that are computed from the values they weigh', 'others')
  const { blueprints, params } = inSequence(line.slice(0, end).reverse())
  return layerNode(values, undefined, attentionPool(blueprints), params, { overTime: true })
}
