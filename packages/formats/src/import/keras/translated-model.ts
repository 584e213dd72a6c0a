import { named, unmask, type Blueprint } from '@recurra/layers'
import { sizeOf, type NamedTensor } from '@recurra/tensor'
import { mergedBranches } from '../merged-branches.ts'
import { unclear } from '../module.ts'
import type { Writer } from './attributes.ts'
import { attributesOf, plain, type LayerPart, type Shape, type WeightGroup } from './keras-layer.ts'
import { endsMask, maskBehind, type Mask } from './mask-behind.ts'
import { mergeIn } from './merge-in.ts'
import type { ModelLayer } from './model-layers.ts'
import { inOurOrder, notInOrder, reversedBehind, type Reversed } from './step-order.ts'
import type { Weights } from './weights.ts'
import { translated } from './translations.ts'

/** Layers of ours, their weights under the names of our layout, and the shape of their output and its mask. */
export interface TranslatedModel {
  readonly mask: Mask
  /** What returns the steps of the output in reverse order in Keras. */
  readonly reversed: Reversed
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
  layers: readonly ModelLayer[], input: Shape, weights: Weights, writer: Writer,
  before: Pick<TranslatedModel, 'mask' | 'reversed'> = { mask: false, reversed: undefined },
): TranslatedModel => {
  let [shape, { mask, reversed }] = [input, before]
  const parts = layers.flatMap((given): Part[] => {
    const layer = inOurOrder(given, reversed)
    if (layer.branches.length > 0) {
      const branches = layer.branches.map((branch) =>
        translatedModel(branch, shape, weights, writer, { mask, reversed }))
      const merged = mergedParts(layer, branches, writer)
      ;({ shape, mask, reversed } = merged)
      return [...merged.parts]
    }
    const made = translated(layer, shape, writer)
    const ends = mask !== false && endsMask(layer)
    mask = maskBehind(layer, mask) && made.shape.length === 2 // one vector has no steps
    shape = made.shape
    reversed = reversedBehind(layer, reversed, shape, mask)
    return partsOf(layer, ends ? [plain(unmask()), ...made.parts] : made.parts, weights)
  })
  const all = distinct(parts)
  return {
    blueprints: all.map(({ name, blueprint }) => named(name, blueprint)),
    tensors: all.flatMap(({ name, tensors }) => under(name, tensors)),
    shape,
    mask,
    reversed,
  }
}

/** The layers of ours that one of Keras becomes. */
const partsOf = (layer: ModelLayer, parts: readonly LayerPart[], weights: Weights): Part[] => {
  const groups = parts.flatMap((part) => part.weights)
  const tensors = weights.of(layer, groups)
  let at = 0
  const main = Math.max(0, parts.findIndex((part) => part.weights.length > 0))
  return parts.map(({ blueprint, weights: own, fixed = [] }, i): Part => ({
    name: i === main ? layer.name : `${layer.name}_${blueprint.type}`,
    blueprint,
    tensors: [
      ...own.flatMap((group) => tensorsOf(layer.name, group, tensors[at++]!)),
      ...fixed.map(({ values, ...one }): NamedTensor => ({ ...one, dtype: 'F32', read: values })),
    ],
  }))
}

/** The tensors of a group of weights as our layout has them. */
const tensorsOf = (
  where: string, { names, under: place, as = [] }: WeightGroup, given: readonly NamedTensor[],
): NamedTensor[] =>
  names.flatMap((name, i): NamedTensor[] => {
    const [stored, own] = [given[i]!, as[i]]
    if (own === null) return []
    if (!own) return [{ ...stored, name: `${place}${name}` }]
    const { from = own.shape } = own
    if (sizeOf(from) !== sizeOf(stored.shape))
      throw unclear(where, `${name} of shape [${from.join(', ')}]`, `[${stored.shape.join(', ')}]`)
    const { values = (all: ArrayLike<number>) => all as Float32Array } = own
    const read = (): Float32Array => values(stored.read() as Float32Array)
    return [{ ...stored, shape: own.shape, name: `${place}${own.name}`, read }]
  })

const mergedParts = (
  layer: ModelLayer, branches: readonly TranslatedModel[], writer: Writer,
): { readonly parts: readonly Part[] } & Pick<TranslatedModel, 'shape' | 'mask' | 'reversed'> => {
  const attributes = attributesOf(layer, writer)
  const shapes = branches.map((branch) => branch.shape)
  const { merge, shape, each = [], behind = [] } = mergeIn(layer.type, attributes, shapes)
  attributes.done()
  const [{ mask, reversed }] = branches as [TranslatedModel]
  if (branches.some((branch) => branch.mask !== mask))
    throw unclear(layer.name, 'branches that all end with a mask, or none', 'some with one')
  const other = branches.find((branch) => (branch.reversed === undefined) !== (reversed === undefined))
  if (other) throw notInOrder(layer.name, (reversed ?? other.reversed)!)
  const lists = branches.map(({ blueprints }) => [...blueprints, ...each])
  const { blueprint, names } = mergedBranches(merge, lists)
  const tensors = branches.flatMap((branch, i) => under(names[i]!, branch.tensors))
  const others = behind.map((one): Part => ({ name: `${layer.name}_${one.type}`, blueprint: one, tensors: [] }))
  return { parts: [{ name: layer.name, blueprint, tensors }, ...others], shape, mask, reversed }
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
