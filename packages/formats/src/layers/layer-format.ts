import type { Blueprint, Layer } from '@recurra/layers'
import { expectKnown, type NamedTensors } from '@recurra/tensor'
import type { Hints, Meaning } from '../import/module.ts'
import type { LayerScript } from '../javascript/script.ts'
import type { Translated, Translation, ValueName } from '../onnx/translation.ts'
import type { LayoutEntry } from '../parameters/layout.ts'

/** The counterparts of a layer in other frameworks. */
export interface Counterparts {
  /** Its tensors in PyTorch. */
  readonly pytorch?: Counterpart
  /** Its tensors in Keras. */
  readonly keras?: Counterpart
}

/** A framework that may have counterparts of our layers. */
export type FrameworkName = keyof Counterparts

/** How each format represents a layer. A format that lacks the layer is left out. */
export interface LayerFormat extends Counterparts {
  /** Makes its blueprint from a config. */
  readonly make: LayerMaker
  /** Its operators in ONNX. */
  readonly onnx?: Translation
  /** The lengths of its output in ONNX, where they are not those of its input; undefined if all are the same. */
  readonly onnxLengths?: (lengths: ValueName, to: Translated) => ValueName | undefined
  /** Its code in JavaScript; a layer with a cell needs nothing here, since its formula is enough. */
  readonly script?: LayerScript
}

/** The options of a layer as plain data. */
export type ConfigOptions = { readonly [option: string]: unknown }

/** Makes the blueprint of a layer from its options; `inner` makes the blueprint of a layer inside it. */
export type LayerMaker = (options: ConfigOptions, inner: (config: unknown) => Blueprint) => Blueprint

/** Makers by the type of the layer. */
export type LayerMakers = { readonly [type: string]: LayerMaker }

/** The names around the tensors of a layer in its model. */
export interface Place {
  /** The prefix of the names: `encoder.` in PyTorch, `encoder/` in Keras. */
  readonly path: string
  /** The suffix of the names of recurrent weights in PyTorch: `_l0_reverse`. */
  readonly suffix: string
}

/** A layer in another framework. */
export interface Counterpart {
  /** Its tensors; `inner` returns the tensors of a layer inside it. */
  readonly store: (layer: Layer, place: Place, inner: Store) => readonly LayoutEntry[]
  /** Recognizes tensors of this kind of layer; `inner` does so for a layer inside it. */
  readonly recognize?: (
    parts: NamedTensors,
    hints: Hints,
    inner: (parts: NamedTensors) => readonly Meaning[],
  ) => Meaning | undefined
}

/** The tensors of a layer under the names of another framework. */
export type Store = (layer: Layer, place: Place) => readonly LayoutEntry[]

/** For layers made from a number, and options that they check themselves. */
export const sizedAs = (name: string, make: (size: number, options: never) => unknown): LayerMaker =>
  ({ [name]: size, ...options }) => make(size as number, options as never) as Blueprint

/** The same for a size. */
export const sized = (make: (size: number, options: never) => unknown): LayerMaker => sizedAs('size', make)

/**
 * For layers whose makers take no options object, and so cannot reject unknown options: nothing in a config is ignored.
 */
export const taking =
  (known: readonly string[], make: (...given: Parameters<LayerMaker>) => unknown): LayerMaker => (options, inner) => {
    expectKnown(Object.keys(options), known, 'config')
    return make(options, inner) as Blueprint
  }
