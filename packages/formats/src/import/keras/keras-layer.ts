import type { Blueprint } from '@recurra/layers'
import { isRecord } from '@recurra/tensor'
import { unclear } from '../module.ts'
import { Attributes, type Writer } from './attributes.ts'

/** A layer in a config of Keras. */
export interface KerasLayer {
  /** The class: `LSTM`. */
  readonly type: string
  readonly name: string
  readonly config: Readonly<Record<string, unknown>>
}

/** The shape of a signal without the batch; undefined for a size that is not known. */
export type Shape = readonly (number | undefined)[]

/** The weights of a layer that Keras keeps together, in the order of its `get_weights()`. */
export interface WeightGroup {
  /** Where they are within the layer in a `.weights.h5` of Keras 3: `forward_layer/cell`. */
  readonly path: string
  /** What precedes their names in our layout: `forward/`. */
  readonly under: string
  /** Their names, as in our layout: `kernel`. */
  readonly names: readonly string[]
  /** The number of the first in its place. Default: 0. */
  readonly first?: number
  /** What each of them is in our layout, if it is something else there; null for one that is not read. */
  readonly as?: readonly (OwnWeight | null)[]
}

/** A weight in our layout. */
export interface OwnWeight {
  readonly name: string
  readonly shape: readonly number[]
  /** Its shape in the file. Default: one of as many values. */
  readonly from?: readonly number[]
  /** Its values, of those in the file. Default: the same. */
  readonly values?: (stored: ArrayLike<number>) => Float32Array
}

/** A weight that Keras does not have, since it is always the same there. */
export interface FixedWeight extends Pick<OwnWeight, 'name' | 'shape'> {
  readonly values: () => Float32Array
}

/** A layer of ours, with the weights that it takes from Keras. */
export interface LayerPart {
  readonly blueprint: Blueprint
  readonly weights: readonly WeightGroup[]
  /** Default: it has none. */
  readonly fixed?: readonly FixedWeight[]
}

/** A layer of Keras as layers of ours, one after the other, and the shape of its output. */
export interface Translated {
  readonly parts: readonly LayerPart[]
  readonly shape: Shape
}

/** Translates a layer of Keras, whose input has a shape. */
export type Translate = (attributes: Attributes, input: Shape) => Translated

/** A layer without weights. */
export const plain = (blueprint: unknown): LayerPart => ({ blueprint: blueprint as Blueprint, weights: [] })

/** A layer with weights of its own. */
export const weighted = (blueprint: unknown, ...names: readonly (string | false)[]): LayerPart => ({
  blueprint: blueprint as Blueprint,
  weights: [{ path: '', under: '', names: names.filter((name) => name !== false) }],
})

/**
 * Checks that a layer normalizes over the features alone.
 * @throws `ValueError` if its `axis` is another.
 */
export const expectLastAxis = (attributes: Attributes, { length }: Shape): void => {
  const axis = attributes.take('axis') ?? -1
  const one: unknown = Array.isArray(axis) && axis.length === 1 ? axis[0] : axis
  if (one !== -1 && one !== length) throw attributes.fault('axis', '-1, the features', axis)
}

/**
 * A layer inside a config: `{ class_name, config }`.
 * @throws `ValueError` if it is not one.
 */
export const layerIn = (value: unknown, where: string): KerasLayer => {
  const [type, config] = isRecord(value) ? [value['class_name'], value['config']] : []
  if (typeof type !== 'string' || !isRecord(config))
    throw unclear(where, 'a layer with class_name and config', 'something else', damaged)
  const name = config['name'] ?? (value as Readonly<Record<string, unknown>>)['name'] ?? type.toLowerCase()
  return { type: type.replace(/^.*>/, ''), name: String(name), config }
}

/** The attributes of a layer. */
export const attributesOf = ({ name, config }: KerasLayer, writer: Writer): Attributes =>
  new Attributes(name, config, writer)

/** What to do about a config that is not one. */
export const damaged = 'The config is damaged, or not one of Keras.'
