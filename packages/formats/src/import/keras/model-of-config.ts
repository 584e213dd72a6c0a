import { named, Sequential, type Blueprint } from '@recurra/layers'
import { SizeLimit } from '@recurra/layers/authoring'
import { isRecord, Random, sizeOf, type NamedTensor, type NamedTensors } from '@recurra/tensor'
import { layerLayout } from '../../frameworks/framework.ts'
import { keras } from '../../frameworks/keras/keras.ts'
import type { ParameterLayout } from '../../parameters/layout.ts'
import { loadParameters } from '../../parameters/load-parameters.ts'
import type { CheckedImportOptions } from '../import-options.ts'
import { unclear } from '../module.ts'
import type { Writer } from './attributes.ts'
import { inputShape, signalOf } from './input-shape.ts'
import type { LayerPart, Shape, WeightGroup } from './keras-layer.ts'
import { layersInOrder, type PlacedLayer } from './layers-in-order.ts'
import { translated } from './translations.ts'

/** The weights of a file, layer by layer. */
export interface Weights {
  /** The number of values in all. */
  readonly size: number
  /**
   * The tensors of a layer, for each group in the order of its names.
   * @throws `FormatError` if one is missing, or there are others.
   */
  of(layer: PlacedLayer, groups: readonly WeightGroup[]): readonly (readonly NamedTensor[])[]
  /** @throws `FormatError` if there are tensors that no layer took. */
  done(): void
}

interface Part extends LayerPart {
  readonly name: string
  readonly tensors: NamedTensors
}

/**
 * The model that a config of Keras describes, with its weights.
 * @throws `ValueError` if a layer, or an attribute of one, cannot be expressed; the error names it.
 * @throws `FormatError` if a weight is missing, or belongs to no layer.
 * @throws `ShapeError` if a weight has another shape than the config says.
 */
export const modelOfConfig = (
  config: unknown, weights: Weights, { backend, onWarning }: CheckedImportOptions, writer: Omit<Writer, 'onWarning'>,
): Sequential => {
  const described = layersInOrder(config)
  const model = isRecord(config) && isRecord(config['config']) ? config['config'] : {}
  const layers = described.filter(({ type }) => type !== 'InputLayer')
  const input = inputShape(described, model)
  let shape: Shape = input
  const parts = layers.flatMap((layer): Part[] => {
    const made = translated(layer, shape, { ...writer, onWarning })
    shape = made.shape
    return partsOf(layer, made.parts, weights)
  })
  weights.done()
  if (parts.length === 0) throw unclear('model', 'at least one layer', 'none')
  const blueprints = distinct(parts).map(({ name, blueprint }): Blueprint => named(name, blueprint))
  const sizeLimit = new SizeLimit(2 * weights.size + 100_000) // a layer norm without a scale has one of 1
  const built = new Sequential(signalOf(input, layers[0]), blueprints, {
    backend, random: new Random(), uninitialized: true, sizeLimit,
  })
  parts.forEach(({ name, tensors }, i) => {
    if (tensors.size === 0) return
    loadParameters(built.layers[i]!, tensors, { layout: layoutUnder(`${name}/`), onWarning })
  })
  return built
}

const layoutOf = /* @__PURE__ */ layerLayout(keras)

/** The layout of a layer whose tensors have a prefix. */
const layoutUnder = (path: string): ParameterLayout => (layer) => layoutOf(layer, path)

/** The layers of ours that one of Keras becomes, with their weights under the names of our layout. */
const partsOf = (layer: PlacedLayer, parts: readonly LayerPart[], weights: Weights): Part[] => {
  const tensors = weights.of(layer, parts.flatMap((part) => part.weights))
  let at = 0
  return parts.map((part, i) => {
    const name = i === 0 ? layer.name : `${layer.name}_${part.blueprint.type}`
    const own = part.weights.flatMap(({ under, names }) => {
      const group = tensors[at++]!
      return names.map((each, n): NamedTensor => ({ ...group[n]!, name: `${name}/${under}${each}` }))
    })
    return { ...part, name, tensors: new Map(own.map((tensor) => [tensor.name, tensor])) }
  })
}

/** The parts with a name of their own each. */
const distinct = (parts: readonly Part[]): Part[] => {
  const taken = new Set<string>()
  return parts.map((part) => {
    let name = part.name
    for (let i = 1; taken.has(name); i++) name = `${part.name}_${i}`
    taken.add(name)
    return { ...part, name }
  })
}

/** The number of values in tensors. */
export const sizeOfAll = (tensors: Iterable<NamedTensor>): number =>
  [...tensors].reduce((sum, { shape }) => sum + sizeOf(shape), 0)
