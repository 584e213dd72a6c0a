import { flatten, unflatten } from '@recurra/layers'
import { expectAxes, featuresAxis } from './axes.ts'
import { layerNode, partialNode, sizeOfNode } from './layers.ts'
import { Axis, type Dim, type Flow } from './values.ts'

/** The size that a shape gives an axis, -1 being what the others leave. */
const isBatch = (given: Dim | undefined, { size }: Axis): boolean => given === -1 || given === size || size === -1

/**
 * All steps of a sequence as one vector, [batch, time, features] -> [batch, time · features], and the reverse;
 * undefined if a shape does something else. Where the features come before the steps, the values of the vector are in
 * another order, which the product that follows accounts for.
 */
export const flattened = (x: Flow, shape: readonly Dim[], where: string): Flow | undefined => {
  const [first, second, third] = x.axes
  if (!first || !second || first.role === 'time' || !isBatch(shape[0], first)) return undefined
  if (!third) return unflattened(x, shape, where)
  if (x.axes.length !== 3 || shape.length !== 2 || [second, third].some(({ size }) => size === 1)) return undefined
  const featuresFirst = second.role === 'features' || third.role === 'time'
  const [time, features] = featuresFirst ? [third, second] : [second, third]
  const size = sizeOfNode(x.node) ?? features.size
  const total = shape[1] === -1 ? Number(time.size) * Number(size) : shape[1]
  if (typeof size !== 'number' || typeof total !== 'number' || !(total > 0) || total % size !== 0) return undefined
  const steps = total / size
  if (typeof time.size === 'number' && time.size !== steps) return undefined
  if (steps === 1 && shape[0] === -1) return undefined // the steps of all sequences in one list
  expectAxes(x, featuresFirst ? ['batch', 'features', 'time'] : ['batch', 'time', 'features'], where)
  const node = layerNode(x.node, total, flatten(steps), {}, { overTime: true })
  return {
    kind: 'flow', axes: [first, featuresAxis(total)],
    node: featuresFirst ? partialNode('reordered', node, where, { steps: [steps, size] }) : node,
  }
}

const unflattened = (x: Flow, shape: readonly Dim[], where: string): Flow | undefined => {
  const [batch, features] = x.axes as readonly [Axis, Axis]
  const size = sizeOfNode(x.node) ?? features.size
  if (shape.length !== 3 || x.axes.length !== 2 || typeof size !== 'number') return undefined
  const rest = (other: Dim | undefined): Dim => size / Number(other)
  const [steps, width] = [shape[1] === -1 ? rest(shape[2]) : shape[1], shape[2] === -1 ? rest(shape[1]) : shape[2]]
  if (typeof steps !== 'number' || typeof width !== 'number' || steps * width !== size || steps < 2 || width < 1)
    return undefined
  if (!Number.isInteger(steps)) return undefined
  expectAxes(x, ['batch', 'features'], where)
  const node = layerNode(x.node, width, unflatten(steps), {}, { overTime: true })
  return { kind: 'flow', node, axes: [batch, new Axis(steps, { role: 'time' }), featuresAxis(width)] }
}

/** The rows of a matrix for a vector that has its values step by step, from those for one feature by feature. */
export const stepByStep = (
  weight: ArrayLike<number>, [steps, features]: readonly [number, number], columns: number,
): Float32Array => {
  const rows = steps * features
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const row = Math.floor(i / columns)
    return weight[((row % features) * steps + Math.floor(row / features)) * columns + (i % columns)]!
  })
}
