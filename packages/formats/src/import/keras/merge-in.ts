import { formulaLayer, type Blueprint, type Merge } from '@recurra/layers'
import { unclear } from '../module.ts'
import { attentionTypes } from './attention.ts'
import type { Attributes } from './attributes.ts'
import { unitNormOf } from './element-wise.ts'
import type { Shape } from './keras-layer.ts'

/** The layers of Keras that merge others. */
const merges: { readonly [type: string]: Merge } = {
  Concatenate: 'concat', Add: 'sum', Subtract: 'difference', Multiply: 'product', Average: 'mean', Maximum: 'max',
  Minimum: 'min',
}

/** The classes of layers that merge others. */
export const mergeTypes: readonly string[] = [...Object.keys(merges), 'Dot']

/** How a layer of Keras merges what it reads, and the shape of its output. */
export interface MergeOf {
  readonly merge: Merge
  readonly shape: Shape
  /** What each of the branches ends with in addition. */
  readonly each?: readonly Blueprint[]
  /** What follows the merge. */
  readonly behind?: readonly Blueprint[]
}

/**
 * Reads a layer that merges branches of these shapes.
 * @throws `ValueError` if it is no such layer, or merges them along time or with others of another shape.
 */
export const mergeIn = (type: string, attributes: Attributes, shapes: readonly Shape[]): MergeOf => {
  const { where } = attributes
  if (type === 'Dot') return dotOf(attributes, shapes)
  if (attentionTypes.includes(type))
    throw unclear(where, 'attention of a sequence over itself: one input as queries, keys and values', 'several inputs',
      'Build the model as an encoderDecoder with attention, and load its parts with loadParameters.')
  if (!Object.hasOwn(merges, type))
    throw unclear(where, `one input, or a layer that merges several: ${mergeTypes.join(', ')}`, type)
  const merge = merges[type]!
  const [first] = shapes as readonly [Shape]
  if (merge === 'concat') {
    const axis = attributes.take('axis') ?? -1
    if (axis !== -1 && axis !== first.length) throw attributes.fault('axis', '-1, the features', axis)
  }
  const kept = merge === 'concat' ? first.slice(0, -1) : first
  const differs = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined && b !== undefined && a !== b
  const other = shapes.find((shape) =>
    shape.length !== first.length || kept.some((size, i) => differs(size, shape[i])))
  if (other) throw unclear(where, `branches of one shape, ${shown(first)}`, shown(other))
  // Of a number of steps that one branch leaves open, another may know it.
  const known = kept.map((_, i) => shapes.find((shape) => shape[i] !== undefined)?.[i])
  if (merge !== 'concat') return { merge, shape: known }
  const sizes = shapes.map((shape) => shape.at(-1))
  return { merge, shape: [...known, sizes.includes(undefined) ? undefined : sizes.reduce((a, b) => a! + b!, 0)] }
}

/** The product of two vectors: the mean of the products of their elements, times their number. */
const dotOf = (attributes: Attributes, shapes: readonly Shape[]): MergeOf => {
  const [axes, normalize] = [attributes.take('axes'), attributes.flag('normalize', false)]
  const [size] = shapes[0]!
  if (shapes.length !== 2 || size === undefined || shapes.some((shape) => shape.length !== 1 || shape[0] !== size))
    throw unclear(attributes.where, 'two vectors of one size', shapes.map(shown).join(' and '))
  if (![axes].flat().every((axis) => axis === 1 || axis === -1)) throw attributes.fault('axes', '1, the features', axes)
  const sum = formulaLayer(['mul', ['mean', 'x0'], size])
  return {
    merge: 'product', shape: [1],
    each: normalize ? [formulaLayer(unitNormOf(size, attributes.writer)) as Blueprint] : [],
    behind: [sum, formulaLayer('x0', { slices: [[0, 1]] })] as Blueprint[],
  }
}

const shown = (shape: Shape): string => `[${shape.map((size) => size ?? 'null').join(', ')}]`
