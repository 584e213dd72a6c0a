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

/** Values times their weights; undefined if neither is one. */
export const weighted = ({ where }: OperatorCall, a: Flow, b: Flow): Flow | undefined => {
  const [weights, values] = isWeights(a) ? [a, b] : [b, a]
  if (!isWeights(weights)) return undefined
  const axes = broadcast(a, b, where)
  return { kind: 'flow', axes, node: partialNode('weighted', values.node, where, { weights: weights.node }) }
}

/** The sum of weighted values over time; undefined if they are none. */
export const sumOfWeighted = ({ node, axes }: Flow, at: number, keep: boolean): Flow | undefined =>
  node.type === 'weighted'
    ? { kind: 'flow', node: poolOf(node), axes: reducedAxes({ kind: 'flow', node, axes }, at, keep) }
    : undefined

/**
 * weights [batch, 1, time] · values [batch, time, features], or both turned around: the product sums over time;
 * undefined if neither is a weight.
 */
export const productWithWeights = (call: OperatorCall, a: Flow, b: Flow): Flow | undefined => {
  const both = weighted(call, { ...a, axes: [] }, { ...b, axes: [] })
  if (!both) return undefined
  expectTimeAt(a, a.axes.length - 1, call.where)
  expectTimeAt(b, b.axes.length - 2, call.where)
  const axes = [...a.axes.slice(0, -1), b.axes.at(-1)!]
  return {
    kind: 'flow', node: poolOf(both.node as PartialNode),
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
