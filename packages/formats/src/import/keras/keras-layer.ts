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
  /** A name and a shape that the first has in our layout. Default: those in the file. */
  readonly as?: { readonly name: string; readonly shape: readonly number[] }
}

/** A layer of ours, with the weights that it takes from Keras. */
export interface LayerPart {
  readonly blueprint: Blueprint
  readonly weights: readonly WeightGroup[]
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
