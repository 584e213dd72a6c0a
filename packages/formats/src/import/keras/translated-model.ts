import { named, unmask, type Blueprint } from '@recurra/layers'
import { sizeOf, type NamedTensor } from '@recurra/tensor'
import { mergedBranches } from '../merged-branches.ts'
import { unclear } from '../module.ts'
import type { Writer } from './attributes.ts'
import { attributesOf, plain, type LayerPart, type Shape } from './keras-layer.ts'
import { endsMask, maskBehind, type Mask } from './mask-behind.ts'
import { mergeIn } from './merge-in.ts'
import type { ModelLayer } from './model-layers.ts'
import type { Weights } from './weights.ts'
import { translated } from './translations.ts'

/** Layers of ours, their weights under the names of our layout, and the shape of their output and its mask. */
export interface TranslatedModel {
  readonly mask: Mask
  readonly blueprints: readonly Blueprint[]
  readonly tensors: readonly NamedTensor[]
  readonly shape: Shape
}

/** A layer of ours; its tensors have names within it. */
interface Part {
  readonly name: string
  readonly blueprint: Blueprint
  readonly tensors: readonly NamedTensor[]
}

/**
 * Layers of Keras, one after the other, as ours, which have their names.
 * @throws `ValueError` if a layer, or an attribute of one, cannot be expressed; the error names it.
 * @throws `FormatError` if a weight is missing.
 */
export const translatedModel = (
  layers: readonly ModelLayer[], input: Shape, weights: Weights, writer: Writer, before: Mask = false,
): TranslatedModel => {
  let [shape, mask] = [input, before]
  const parts = layers.flatMap((layer): Part[] => {
    if (layer.branches.length > 0) {
      const branches = layer.branches.map((branch) => translatedModel(branch, shape, weights, writer, mask))
      const { part, ...merged } = mergedPart(layer, branches, writer)
      ;({ shape, mask } = merged)
      return [part]
    }
    const made = translated(layer, shape, writer)
    const ends = mask !== false && endsMask(layer)
    mask = maskBehind(layer, mask) && made.shape.length === 2 // one vector has no steps
    shape = made.shape
    return partsOf(layer, ends ? [plain(unmask()), ...made.parts] : made.parts, weights)
  })
  const all = distinct(parts)
  return {
    blueprints: all.map(({ name, blueprint }) => named(name, blueprint)),
    tensors: all.flatMap(({ name, tensors }) => under(name, tensors)),
    shape,
    mask,
  }
}

/** The layers of ours that one of Keras becomes. */
const partsOf = (layer: ModelLayer, parts: readonly LayerPart[], weights: Weights): Part[] => {
  const groups = parts.flatMap((part) => part.weights)
  if (layer.calls > 1 && groups.length > 0)
    throw unclear(layer.name, 'a layer with weights that is called once', `${layer.calls} calls`)
  const tensors = weights.of(layer, groups)
  let at = 0
  const main = Math.max(0, parts.findIndex((part) => part.weights.length > 0))
  return parts.map(({ blueprint, weights: own }, i) => ({
    name: i === main ? layer.name : `${layer.name}_${blueprint.type}`,
    blueprint,
    tensors: own.flatMap((group) => {
      const given = tensors[at++]!
      return group.names.map((name, n): NamedTensor => {
        const { name: own, shape } = (n === 0 && group.as) || { name, shape: given[n]!.shape }
        if (sizeOf(shape) !== sizeOf(given[n]!.shape))
          throw unclear(layer.name, `${name} of shape [${shape.join(', ')}]`, `[${given[n]!.shape.join(', ')}]`)
        return { ...given[n]!, shape, name: `${group.under}${own}` }
      })
    }),
  }))
}

const mergedPart = (
  layer: ModelLayer, branches: readonly TranslatedModel[], writer: Writer,
): { readonly part: Part } & Pick<TranslatedModel, 'shape' | 'mask'> => {
  const attributes = attributesOf(layer, writer)
  const { merge, shape } = mergeIn(layer.type, attributes, branches.map((branch) => branch.shape))
  attributes.done()
  const [{ mask }] = branches as [TranslatedModel]
  if (branches.some((branch) => branch.mask !== mask))
    throw unclear(layer.name, 'branches that all end with a mask, or none', 'some with one')
  const { blueprint, names } = mergedBranches(merge, branches.map(({ blueprints }) => blueprints))
  const tensors = branches.flatMap((branch, i) => under(names[i]!, branch.tensors))
  return { part: { name: layer.name, blueprint, tensors }, shape, mask }
}

const under = (name: string, tensors: readonly NamedTensor[]): NamedTensor[] =>
  name === '' ? [...tensors] : tensors.map((tensor) => ({ ...tensor, name: `${name}/${tensor.name}` }))

/** The parts with a name of their own each. */
const distinct = (parts: readonly Part[]): Part[] => {
  const taken = new Set<string>()
  return parts.map((part) => {
    let { name } = part
    for (let i = 1; taken.has(name); i++) name = `${part.name}_${i}`
    taken.add(name)
    return { ...part, name }
  })
}
