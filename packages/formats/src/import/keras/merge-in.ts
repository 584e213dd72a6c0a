import type { Merge } from '@recurra/layers'
import { unclear } from '../module.ts'
import type { Attributes } from './attributes.ts'
import type { Shape } from './keras-layer.ts'

/** The layers of Keras that merge others. */
const merges: { readonly [type: string]: Merge } = {
  Concatenate: 'concat', Add: 'sum', Subtract: 'difference', Multiply: 'product', Average: 'mean', Maximum: 'max',
}

/** How a layer of Keras merges what it reads, and the shape of its output. */
export interface MergeOf {
  readonly merge: Merge
  readonly shape: Shape
}

/**
 * Reads a layer that merges branches of these shapes.
 * @throws `ValueError` if it is no such layer, or merges them along time or with others of another shape.
 */
export const mergeIn = (type: string, attributes: Attributes, shapes: readonly Shape[]): MergeOf => {
  const { where } = attributes
  if (!Object.hasOwn(merges, type))
    throw unclear(where, `one input, or a layer that merges several: ${Object.keys(merges).join(', ')}`, type)
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

const shown = (shape: Shape): string => `[${shape.map((size) => size ?? 'null').join(', ')}]`
