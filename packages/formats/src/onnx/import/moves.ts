import { featuresAxis, insertedAxis, joinedAxis } from './axes.ts'
import { damaged, passShape, unsupported } from './faults.ts'
import { flattened } from './flattened.ts'
import { shapeConstant } from './fold/folds.ts'
import { joinedEnds } from './joined-ends.ts'
import { lastOf, sizeOfNode } from './layers.ts'
import {
  axesOf, axisOf, constantAt, flowAt, integersOf, type Operator, type OperatorCall, type Operators,
} from './operator.ts'
import { productOf } from './sizes.ts'
import { Axis, type Dim, type FinalOutputs, type Flow, type Value } from './values.ts'

/** Operators that only move values: what they do to the axes is followed, and no layer comes of it. */
const transpose: Operator = (call) => {
  const x = call.inputs[0]
  if (x?.kind === 'final') return { ...x, batchFirst: call.attributes.integers('perm')?.join() === '1,0,2' }
  const flow = flowAt(call, 0)
  const perm = call.attributes.integers('perm') ?? flow.axes.map((_, i) => flow.axes.length - 1 - i)
  if (perm.length !== flow.axes.length)
    throw unsupported(call.where, `${flow.axes.length} axes`, `[${perm}]`, damaged)
  return { ...flow, axes: axesOf(perm, flow.axes.length, call.where).map((axis) => flow.axes[axis]!) }
}

/** Without an axis of size 1. Without the only step of a sequence, its features are left. */
export const without = (x: Flow, at: number, where: string): Flow => {
  const axis = x.axes[at]!
  if (axis.size !== 1)
    throw unsupported(where, 'an axis of size 1', String(axis.size), passShape)
  const axes = x.axes.filter((one) => one !== axis)
  return { ...x, axes, node: axis.role === 'time' && !axis.inserted ? lastOf(x.node) : x.node }
}

const squeeze: Operator = (call) => {
  const x = call.inputs[0]
  if (x?.kind === 'final') {
    const axes = integersOf(call, 'axes', 1)
    return x.directions.length === 1 && axes?.[0] === 0 ? x.directions[0]! : x
  }
  const flow = flowAt(call, 0)
  const given = integersOf(call, 'axes', 1)
  const axes = (given && axesOf(given, flow.axes.length, call.where)) ??
    flow.axes.flatMap(({ size }, i) => (size === 1 ? [i] : []))
  return [...axes].sort((a, b) => b - a).reduce((left, at) => without(left, at, call.where), flow)
}

const unsqueeze: Operator = (call) => {
  if (call.inputs[0]?.kind === 'final') return call.inputs[0]
  const flow = flowAt(call, 0)
  const given = integersOf(call, 'axes', 1) ?? []
  const rank = flow.axes.length + given.length
  const places = axesOf(given, rank, call.where)
  const rest = [...flow.axes]
  const axisAt = (i: number): Axis => (places.includes(i) ? insertedAxis() : rest.shift()!)
  return { ...flow, axes: Array.from({ length: rank }, (_, i) => axisAt(i)) }
}

/** The directions of a recurrent layer lie before its features; otherwise only axes of size 1 come and go. */
const reshape: Operator = (call) => {
  const x = call.inputs[0]
  if (x?.kind === 'final') return concatDirections(x, call)
  const flow = flowAt(call, 0)
  const shape = Array.from(constantAt(call, 1).values, (size, i): Dim => (size === 0 ? flow.axes[i]?.size ?? 0 : size))
  return flattened(flow, shape, call.where) ?? regrouped(flow, shape, call.where)
}

/** What lies in an axis, if a shape takes it apart again. */
const partsOf = (axis: Axis | undefined, [outer, inner]: readonly Dim[]): readonly Axis[] | undefined => {
  const sizes = axis?.joined?.map(({ size }) => size) ?? []
  const fits = outer !== axis?.size && [outer, inner].every((size, i) => size === -1 || size === sizes[i])
  return fits ? axis?.joined : undefined
}

const areRows = ({ size, role }: Axis): boolean => size !== 1 && role !== 'directions' && role !== 'features'

const regrouped = (x: Flow, shape: readonly Dim[], where: string): Flow => {
  const refused = (): Error => unsupported(
    where, 'a shape that only adds or leaves out axes of size 1, joins directions, or joins all steps into a vector',
    `[${shape.join(', ')}] for [${x.axes.map(({ size }) => size).join(', ')}]`,
  )
  const left = [...x.axes]
  const result: Axis[] = []
  let node = x.node
  const drop = (axis: Axis): void => {
    if (axis.size !== 1) throw refused()
    if (axis.role === 'time' && !axis.inserted) node = lastOf(node)
  }
  shape.forEach((size, i) => {
    const remaining = shape.length - i - 1
    const parts = partsOf(left[0], shape.slice(i))
    if (parts) left.splice(0, 1, ...parts)
    const [first, second] = left
    const joins = size === -1 ? left.length === remaining + 2 : size === productOf(first?.size ?? 0, second?.size ?? 0)
    if (joins && first?.role === 'directions') {
      left.splice(0, 2)
      result.push(featuresAxis(sizeOfNode(x.node) ?? 0))
    } else if (joins && left.length > 2 && first && second && areRows(first) && areRows(second)) {
      left.splice(0, 2)
      result.push(joinedAxis(first, second))
    } else if (first && (first.size === size || size === -1)) {
      // The size that is left out belongs to the axis before as many as follow.
      while (size === -1 && left.length > remaining + 1 && left[0]!.size === 1) drop(left.shift()!)
      result.push(left.shift()!)
    } else if (size === 1) result.push(insertedAxis())
    else {
      while (left.length > 0 && left[0]!.size === 1) drop(left.shift()!)
      if (left[0]?.size !== size) throw refused()
      result.push(left.shift()!)
    }
  })
  left.forEach(drop)
  return { kind: 'flow', node, axes: result }
}

const flatten: Operator = (call) => {
  const flow = flowAt(call, 0)
  const axis = axisOf(call.attributes.integer('axis', 1), flow.axes.length + 1, call.where)
  if (axis !== 1 || flow.axes.length < 2) throw unsupported(call.where, 'axis 1', String(axis))
  const shape = [flow.axes[0]!.size, -1]
  return flattened(flow, shape, call.where) ?? regrouped(flow, shape, call.where)
}

/** [forward | backward] of two final outputs. */
const concatDirections = ({ directions, batchFirst }: FinalOutputs, call: OperatorCall): Value => {
  const joined = batchFirst || directions.length === 1 ? joinedEnds(directions) : undefined
  if (joined) return joined
  throw unsupported(call.where, 'the final states of one layer', `those of ${directions.length}`)
}

const identity: Operator = (call) => call.inputs[0]!

/** Operators that only rearrange axes. */
export const moves: Operators = {
  Transpose: transpose, Squeeze: squeeze, Unsqueeze: unsqueeze, Reshape: reshape, Flatten: flatten,
  Identity: identity, Dropout: identity, Cast: identity,
  Shape: (call) => shapeConstant(flowAt(call, 0).axes.map(({ size }) => size), call),
}
