import { activation, batchNorm, globalMaxPool, layerNorm } from '@recurra/layers'
import { meanPool } from '@recurra/rnn'
import { sumOfWeighted, weightsOf } from './attention-pools.ts'
import { expectFeaturesAt, expectTimeAt, reducedAxes } from './axes.ts'
import { unsupported } from './faults.ts'
import { applied } from './formulas.ts'
import { layerNode, partialNode } from './layers.ts'
import { axesOf, flowAt, integersOf, numbersAt, type Operator, type Operators } from './operator.ts'
import type { Flow } from './values.ts'
import { poolOverTime } from './windows.ts'

/** Over the second axis, with the statistics of training. */
const batchNormalization: Operator = (call) => {
  const { attributes, where } = call
  const x = flowAt(call, 0)
  if (attributes.integer('training_mode', 0) !== 0) throw unsupported(where, 'training_mode: 0', '1')
  const [scale, shift, runningMean, runningVariance] = [1, 2, 3, 4].map((i) => numbersAt(call, i) ?? [])
  const size = expectFeaturesAt(x, 1, where, scale!.length)
  const epsilon = rounded(attributes.float('epsilon', 1e-5))
  const params = { scale: scale!, shift: shift!, runningMean: runningMean!, runningVariance: runningVariance! }
  return { ...x, node: layerNode(x.node, size, batchNorm({ epsilon }), params) }
}

/** A float32 as the number that was written: 1e-5, not 0.000009999999747378752. */
const rounded = (value: number): number => Number(value.toPrecision(7))

const layerNormalization: Operator = (call) => {
  const { attributes, where } = call
  const x = flowAt(call, 0)
  const axis = attributes.integer('axis', -1)
  if (axis !== -1 && axis !== x.axes.length - 1) throw unsupported(where, 'the last axis', String(axis))
  const scale = numbersAt(call, 1) ?? []
  const shift = numbersAt(call, 2)
  const size = expectFeaturesAt(x, x.axes.length - 1, where, scale.length)
  const epsilon = rounded(attributes.float('epsilon', 1e-5))
  const node = layerNode(x.node, size, layerNorm({ epsilon, bias: !!shift }), { scale, ...(shift && { shift }) })
  return { ...x, node }
}

/** Over the last axis, or over the features wherever they lie. */
const overFeatures = (name: 'softmax' | 'logSoftmax'): Operator => (call) => {
  const { attributes, opset, where } = call
  const x = flowAt(call, 0)
  const given = attributes.integer('axis', opset < 13 ? 1 : -1)
  const axis = given < 0 ? given + x.axes.length : given
  const isLast = x.axes.slice(axis + 1).every(({ size }) => size === 1)
  if (name === 'softmax' && x.axes[axis]?.role === 'time' && (opset >= 13 || isLast)) return weightsOf(x, axis, where)
  if (opset < 13 && axis !== x.axes.length - 1) throw unsupported(where, 'the last axis', String(given))
  const size = expectFeaturesAt(x, axis, where)
  return { ...x, node: layerNode(x.node, size, activation(name)) }
}

/** Over time it is a layer, over features a formula, over an axis of size 1 nothing. */
const reduceMean: Operator = (call) => {
  const x = flowAt(call, 0)
  const keep = call.attributes.integer('keepdims', 1) === 1
  const axes = (integersOf(call, 'axes', 1) ?? []).map((axis) => (axis < 0 ? axis + x.axes.length : axis))
  if (axes.length !== 1) throw unsupported(call.where, 'a mean over one axis', `over ${axes.length}`)
  const at = axes[0]!
  const axis = x.axes[at]
  if (!axis) throw unsupported(call.where, 'an axis', String(at))
  const rest = reducedAxes(x, at, keep)
  if (axis.size === 1 && axis.role !== 'time') return { ...x, axes: rest }
  const isOther = axis.role === undefined && (at === 0 || x.axes.some(({ role }) => role === 'features'))
  if (axis.role === 'time' || isOther) {
    expectTimeAt(x, at, call.where)
    return poolOverTime(x, at, keep, meanPool())
  }
  expectFeaturesAt(x, at, call.where)
  return { kind: 'flow', node: applied('mean', x.node), axes: rest } satisfies Flow
}

/** Over time. */
const reduceMax: Operator = (call) => {
  const x = flowAt(call, 0)
  const keep = call.attributes.integer('keepdims', 1) === 1
  const [at = -1, ...others] = axesOf(integersOf(call, 'axes', 1) ?? [], x.axes.length, call.where)
  const axis = x.axes[at]
  const isTime = axis?.role === 'time' || (axis?.role === undefined && x.axes.some(({ role }) => role === 'features'))
  if (!axis || others.length > 0 || !isTime) throw unsupported(call.where, 'a maximum over time', `over axis ${at}`)
  expectTimeAt(x, at, call.where)
  return poolOverTime(x, at, keep, globalMaxPool())
}

/** A sum over time, which the lengths divide, or of weighted steps. */
const reduceSum: Operator = (call) => {
  const x = flowAt(call, 0)
  const keep = call.attributes.integer('keepdims', 1) === 1
  const [at = -1, ...others] = axesOf(integersOf(call, 'axes', 1) ?? [], x.axes.length, call.where)
  const isTime = x.axes[at]?.role === 'time' || (at === 0 && x.axes[at]?.role === undefined)
  if (!isTime || others.length > 0) throw unsupported(call.where, 'a sum over time', `over axis ${at}`)
  expectTimeAt(x, at, call.where)
  return sumOfWeighted(x, at, keep) ??
    { kind: 'flow', node: partialNode('sum', x.node, call.where), axes: reducedAxes(x, at, keep) }
}

export const norms: Operators = {
  BatchNormalization: batchNormalization, LayerNormalization: layerNormalization, ReduceMean: reduceMean,
  ReduceSum: reduceSum, ReduceMax: reduceMax, Softmax: overFeatures('softmax'), LogSoftmax: overFeatures('logSoftmax'),
}
