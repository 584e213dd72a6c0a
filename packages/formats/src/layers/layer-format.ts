/**
 * What the formats know of a layer. Each file of this folder has all of it for one kind of layer: `make`, `pytorch`,
 * `keras`, `onnx` and `script`, as far as they are there. They are exports of their own, so that a page has those alone
 * that it needs.
 *
 * @module
 */
import type { Blueprint, Layer } from '@recurra/layers'
import type { NamedTensors } from '@recurra/tensor'
import type { Hints, Meaning } from '../import/module.ts'
import type { LayoutEntry } from '../parameters/layout.ts'

/** What a layer was made with, as plain data. */
export type LayerOptions = { readonly [option: string]: unknown }

/** Makes the blueprint of a layer from its options; `inner` makes the blueprint of a layer inside it. */
export type LayerMaker = (options: LayerOptions, inner: (config: unknown) => Blueprint) => Blueprint

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
  readonly store: Store
  /** What tensors mean, if they are those of such a layer; `inner` tells it of a layer inside it. */
  readonly recognize?: (
    parts: NamedTensors,
    hints: Hints,
    inner: (parts: NamedTensors) => readonly Meaning[],
  ) => Meaning | undefined
}

/** The tensors of a layer under the names of another framework. */
export type Store = (layer: Layer, place: Place, inner: Store) => readonly LayoutEntry[]

/** Counterparts by the type of the layer. */
export type Counterparts = { readonly [type: string]: Counterpart }
