import type { Blueprint, Layer } from '@recurra/layers'
import { expectKnown, type NamedTensors } from '@recurra/tensor'
import type { Hints, Meaning } from '../import/module.ts'
import type { LayerScript } from '../javascript/script.ts'
import type { Translation } from '../onnx/translation.ts'
import type { LayoutEntry } from '../parameters/layout.ts'

/** What the formats know of a layer. A format that does not have such a layer is left out. */
export interface LayerFormat {
  /** Makes its blueprint from a config. */
  readonly make: LayerMaker
  /** How PyTorch keeps it. */
  readonly pytorch?: Counterpart
  /** How Keras keeps it. */
  readonly keras?: Counterpart
  /** Its operators in ONNX. */
  readonly onnx?: Translation
  /** It as JavaScript; a layer with a cell needs nothing here, its formula is enough. */
  readonly script?: LayerScript
}

/** What a layer was made with, as plain data. */
export type ConfigOptions = { readonly [option: string]: unknown }

/** Makes the blueprint of a layer from its options; `inner` makes the blueprint of a layer inside it. */
export type LayerMaker = (options: ConfigOptions, inner: (config: unknown) => Blueprint) => Blueprint

/** Makers by the type of the layer. */
export type LayerMakers = { readonly [type: string]: LayerMaker }

/** Where the tensors of a layer stand among those of its model. */
export interface Place {
  /** What comes before their names: `encoder.` in PyTorch, `encoder/` in Keras. */
  readonly path: string
  /** What comes after the names of recurrent weights in PyTorch: `_l0_reverse`. */
  readonly suffix: string
}

/** A layer as another framework keeps it. */
export interface Counterpart {
  /** Its tensors; `inner` gives those of a layer inside it. */
  readonly store: (layer: Layer, place: Place, inner: Store) => readonly LayoutEntry[]
  /** What tensors mean, if they are those of such a layer; `inner` tells it of a layer inside it. */
  readonly recognize?: (
    parts: NamedTensors,
    hints: Hints,
    inner: (parts: NamedTensors) => readonly Meaning[],
  ) => Meaning | undefined
}

/** The tensors of a layer under the names of another framework. */
export type Store = (layer: Layer, place: Place) => readonly LayoutEntry[]

/** For layers that are made with a size, and options that they check themselves. */
export const sized = (make: (size: number, options: never) => unknown): LayerMaker =>
  ({ size, ...options }) => make(size as number, options as never) as Blueprint

/** For layers whose makers take no object of options, and so cannot reject one: nothing in a config is overlooked. */
export const taking =
  (known: readonly string[], make: (...given: Parameters<LayerMaker>) => unknown): LayerMaker => (options, inner) => {
    expectKnown(Object.keys(options), known, 'config')
    return make(options, inner) as Blueprint
  }
