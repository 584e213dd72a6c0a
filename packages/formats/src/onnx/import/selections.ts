import { repeat } from '@recurra/rnn'
import { expectFeaturesAt, expectTimeAt, featuresAxis, insertedAxis, isSameAxis, placeOf, withAxis } from './axes.ts'
import { damaged, passShape, unsupported } from './faults.ts'
import { cutsOf } from './fold/moved-constants.ts'
import { sliceOf } from './formulas.ts'
import { joinedEnds, lastAndMean } from './joined-ends.ts'
import { firstOf, lastOf, layerNode, partialNode, sizeOfNode } from './layers.ts'
import { merged } from './merge.ts'
import { causal, cropped, cutOfTime, mirrored } from './time-slices.ts'
import { without } from './moves.ts'
import {
  axisOf, constantAt, flowAt, integersOf, numbersAt, type Operator, type OperatorCall, type Operators,
} from './operator.ts'
import { sumOf } from './sizes.ts'
import { Axis, type FinalOutputs, type Flow, type Value } from './values.ts'

const concat: Operator = (call) => {
  const { inputs, where, attributes } = call
  if (inputs.some((value) => value?.kind === 'state')) return { kind: 'state' }
  if (inputs.every((value) => value?.kind === 'final'))
    return { kind: 'final', directions: inputs.flatMap((value) => (value as FinalOutputs).directions) }
  const parts = inputs.map((_, i) => flowAt(call, i))
  const last = parts.at(-1)!
  const at = axisOf(attributes.integer('axis', 0), last.axes.length, where)
  if (parts.length === 1) return last
  if (parts.length === 2 && parts[0]!.node.type === 'input' && parts[0]!.node !== last.node) {
    // The inputs before the first step, which a stream keeps by itself.
    const steps = parts[0]!.axes[at]!.size
    if (typeof steps === 'number')
      return withAxis(
        last, partialNode('carried', last.node, where, { steps: [steps, 0] }), at,
        new Axis(sumOf(last.axes[at]!.size, steps), { role: 'time' }),
      )
  }
  const padded = mirrored(parts, at)
  if (padded) return padded
  const joined = parts.length === 2 ? (joinedEnds(parts) ?? lastAndMean(parts)) : undefined
  if (joined) return joined
  const size = parts.reduce((sum, part) => sum + expectFeaturesAt(part, at, where), 0)
  const isLikeLast = ({ axes }: Flow): boolean =>
    axes.length === last.axes.length && axes.every((axis, i) => i === at || isSameAxis(axis, last.axes[i]!))
  if (!parts.every(isLikeLast)) throw unsupported(where, 'values with the same steps', 'others')
  return withAxis(last, merged(where, 'concat', parts.map(({ node }) => node)), at, featuresAxis(size))
}

const slice: Operator = (call) => {
  const x = call.inputs[0]
  if (x?.kind === 'final') {
    const [cut, other] = cutsOf(call, [x.directions.length, 'batch', 'units'])
    if (x.batchFirst || other || cut?.axis !== 0 || cut.step !== 1)
      throw unsupported(call.where, 'some of the final states', 'a part of each')
    return { kind: 'final', directions: x.directions.slice(cut.from, cut.to) }
  }
  const flow = flowAt(call, 0)
  const cuts = cutsOf(call, flow.axes.map(({ size }) => size))
  return cuts.reduce<Value>((value, { axis, from, to, step }) => {
    if (value.kind !== 'flow') return value
    const { size, role } = value.axes[axis]!
    if (from === 0 && to >= (typeof size === 'number' ? size : 2 ** 31 - 1) && step === 1) return value
    // What is cut off the input is a state of one layer among several; the last inputs are one, too.
    const isState = value.node.type === 'input' && axis === 0 && role === undefined
    if (isState || value.node.type === 'carried') return { kind: 'state' }
    if (step === 1 && typeof size === 'number' && role !== 'time' && role !== 'batch') {
      expectFeaturesAt(value, axis, call.where)
      return withAxis(value, sliceOf(value.node, from, to), axis, featuresAxis(to - from))
    }
    const isLast = role === 'time' && step === 1 && (from === -1 || from === Number(size) - 1)
    if (isLast) return withAxis(value, lastOf(value.node), axis, insertedAxis())
    const own = { axis, from, to, step }
    const cut = role !== 'time' ? undefined
      : causal(value, own) ?? cropped(value, own, call.where) ?? cutOfTime(value, own, call.where)
    if (cut) return cut
    throw unsupported(
      call.where, 'some of the features, or the last step', `${from} to ${to} of ${role ?? 'an axis'}`,
      typeof size === 'string' ? passShape : undefined,
    )
  }, flow)
}

/** Some features after others, as many at a time as it says, or all alike. */
const split: Operator = (call) => {
  const { attributes, where, outputs } = call
  const x = flowAt(call, 0)
  const at = axisOf(attributes.integer('axis', 0), x.axes.length, where)
  const size = expectFeaturesAt(x, at, where)
  const each = Math.ceil(size / outputs)
  const sizes = integersOf(call, 'split', 1) ??
    Array.from({ length: outputs }, (_, i) => Math.min(each, size - i * each))
  const ends = sizes.map((_, i) => sizes.slice(0, i + 1).reduce((sum, one) => sum + one, 0))
  if (ends.at(-1) !== size || sizes.some((one) => one < 1))
    throw unsupported(where, `parts of ${size} features`, `[${sizes.join(', ')}]`, damaged)
  return ends.map((to, i) =>
    withAxis(x, sliceOf(x.node, to - sizes[i]!, to), at, featuresAxis(sizes[i]!)))
}

const gather: Operator = (call) => {
  const { inputs, where, attributes } = call
  const x = inputs[0]
  if (x?.kind === 'final') {
    const index = numbersAt(call, 1)?.[0] ?? 0
    const picked = x.directions.at(index)
    if (picked && attributes.integer('axis', 0) === (x.batchFirst ? 1 : 0)) return picked
    throw unsupported(where, 'one of the final states', String(index))
  }
  const flow = flowAt(call, 0)
  const index = constantAt(call, 1)
  const [first] = numbersAt(call, 1)! as readonly [number]
  const at = axisOf(attributes.integer('axis', 0), flow.axes.length, where)
  if (index.shape.length > 0) throw unsupported(where, 'one position', `${index.values.length}`)
  const axis = flow.axes[at]!
  const rest = flow.axes.filter((one) => one !== axis)
  if (flow.node.type === 'input' && axis.role === undefined && at === 0) return { kind: 'state' }
  if (axis.size === 1) return without(flow, at, where)
  if (axis.role === 'time' || (axis.role === undefined && first === -1)) {
    expectTimeAt(flow, at, where)
    if (first === -1 || first === Number(axis.size) - 1) return { kind: 'flow', node: lastOf(flow.node), axes: rest }
    if (first === 0) return { kind: 'flow', node: firstOf(flow.node), axes: rest }
  }
  if (axis.role === 'features') return { kind: 'flow', node: sliceOf(flow.node, first, first + 1), axes: rest }
  throw unsupported(where, 'the last step', `position ${first} of ${axis.role ?? 'an axis'}`)
}

/** What an operator makes of a constant that is repeated: it is repeated, too. */
export const repeatedOf = (call: OperatorCall, fold: Operator): Value => {
  const [given, ...others] = call.inputs
  const made = fold({ ...call, inputs: [given?.kind === 'repeated' ? given.of : given, ...others] })
  if ('kind' in made && made.kind === 'constant') return { kind: 'repeated', of: made }
  throw unsupported(call.where, 'a constant', 'something else')
}

/** A constant for each of some sequences, along an axis of size 1. */
const tile: Operator = (call) => {
  const [given] = call.inputs
  const of = given?.kind === 'repeated' ? given.of : constantAt(call, 0)
  const counts = Array.from(constantAt(call, 1).values)
  const isOne = (i: number): boolean => (of.shape.at(i - counts.length) ?? 1) === 1
  if (counts.every((count, i) => count === 1 || isOne(i))) return { kind: 'repeated', of }
  throw unsupported(call.where, 'a constant that is repeated for each sequence', `[${counts}] times`)
}

const expand: Operator = (call) => {
  const [given] = call.inputs
  // An initial state for a number of sequences that only the input tells.
  if (given?.kind === 'constant' && typeof given.values[0] === 'number' &&
    Array.from(given.values).every((value) => value === given.values[0]))
    return { kind: 'filled', value: given.values[0] }
  if (given?.kind === 'constant') return { kind: 'repeated', of: given }
  const flow = flowAt(call, 0)
  const shape = numbersAt(call, 1) ?? []
  const wide = Array.from(shape).flatMap((size, i) => (size > 1 && flow.axes[i]?.size !== size ? [i] : []))
  if (wide.length === 0) return flow
  const at = wide[0]!
  if (wide.length > 1 || !flow.axes[at]?.inserted || placeOf(flow, 'time') >= 0)
    throw unsupported(call.where, 'a vector that is repeated at every step', `[${Array.from(shape)}]`)
  const steps = shape[at]!
  const node = layerNode(flow.node, sizeOfNode(flow.node) ?? 0, repeat(steps), {}, { overTime: true })
  return withAxis(flow, node, at, new Axis(steps, { role: 'time' }))
}

/** At the last step of sequences with lengths: x [batch, time, features], positions [batch, 1]. */
const gatherND: Operator = (call) => {
  const flow = flowAt(call, 0)
  if (call.inputs[1]?.kind !== 'mask' || call.attributes.integer('batch_dims', 0) !== 1)
    throw unsupported(call.where, 'the last steps, by the lengths', 'other positions')
  return { kind: 'flow', node: lastOf(flow.node), axes: flow.axes.filter((_, i) => i !== 1) }
}

const where: Operator = (call) => {
  const [condition, first, second] = call.inputs
  if (condition?.kind === 'mask' && first?.kind === 'final') return first
  if (condition?.kind === 'mask' && first?.kind === 'state') return first
  if (condition?.kind === 'mask' && first?.kind === 'flow' && second?.kind === 'constant') return first
  throw unsupported(call.where, 'values within the lengths of the sequences', 'another choice')
}

/** Operators that select some steps or features, or put them together. */
export const selections: Operators = {
  Concat: concat, Slice: slice, Split: split, Gather: gather, GatherND: gatherND, Expand: expand, Tile: tile,
  Where: where,
}
