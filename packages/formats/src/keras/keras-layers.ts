import { Branches, Residual, Sequential, type Merge, type Signal } from '@recurra/layers'
import { expectReadable } from '@recurra/rnn/authoring'
import { ConfigurationError, type NamedTensor } from '@recurra/tensor'
import { layerLayout } from '../frameworks/framework.ts'
import { keras } from '../frameworks/keras/keras.ts'
import { parametersOf } from '../parameters/parameters-of.ts'
import type { Dialect } from './dialect.ts'
import { inKerasOrder } from './in-keras-order.ts'
import { maskWritten } from './mask-written.ts'
import { placed, type KerasLayerConfig, type Placed, type Written } from './placed.ts'
import { writtenAs } from './written-as.ts'

/** The shape of what a layer gives, null where any size will do. */
export type KerasShape = readonly (number | null)[]

/** A layer in Keras: its class, its attributes with its name, and its weights in order, as our layout names them. */
export interface KerasLayer extends KerasLayerConfig {
  readonly name: string
  readonly tensors: readonly NamedTensor[]
  /** The names of the layers that it reads. */
  readonly inputs: readonly string[]
  /** Whether it takes them as one list. */
  readonly merges: boolean
  /** What else it is passed. */
  readonly call: Readonly<Record<string, unknown>>
  readonly shape: KerasShape
}

/** A model as Keras describes it. */
export interface KerasModel {
  /** The shape of its input, and the name of that. */
  readonly shape: KerasShape
  readonly input: string
  readonly layers: readonly KerasLayer[]
  /** Whether each layer reads the one before it alone; else it is a functional model. */
  readonly chain: boolean
  /** The name of the layer that gives its output. */
  readonly output: string
}

const input = 'input'

/** The layer that was written last, and whether its output has a mask. */
interface Output {
  readonly name: string
  readonly mask: boolean
}

/**
 * A model as Keras describes it, its layers in the order in which Keras keeps them.
 * @throws `ConfigurationError` if the program has no such layer, or an option of one; the error names it.
 */
export const kerasLayers = (model: Sequential, dialect: Dialect): KerasModel => {
  if (!(model instanceof Sequential))
    throw new ConfigurationError({
      where: dialect.exporter, expected: 'a model made by sequential',
      got: String((model as { type?: unknown } | undefined)?.type), fix: 'Export its parts.',
    })
  expectReadable(model)
  const taken = new Set([input])
  const layers: KerasLayer[] = []
  /** Writes layers one after the other, the first of which reads `from`. */
  const write = (sequence: Sequential, within: string, from: Output): Output => {
    const all = placed(sequence, within, taken, dialect)
    let last = from
    for (let i = 0; i < all.length; i++) {
      const one = all[i]!
      const { name, layer } = one
      const { mask, skipped } = maskWritten(one, last.mask)
      if (skipped) {
        last = { ...last, mask }
        continue
      }
      const merged = branchesOf(one)
      const written = merged ? mergeConfig(one, merged.merge) : writtenAs(one)
      const { class_name, config, taken: others = 0, call = {}, reads = 1 } = written
      const read = merged
        ? merged.parts.map(([key, part]) => (part ? write(part, `${name}_${key}_`, last) : last))
        : Array.from({ length: reads }, () => last)
      const masks = merged ? read.map((branch) => branch.mask) : [mask]
      if (merged && masks[0] && !dialect.dropsMasks) // its merged masks have an axis too many
        throw one.refused(`no mask before layers that merge, as ${dialect.program} fails behind them`, 'masking')
      if (masks.includes(!masks[0])) throw one.refused('branches that all end with a mask, or none', 'some with one')
      layers.push({
        name, class_name, config: { name, trainable: true, ...config }, call, merges: merged !== undefined,
        inputs: read.map((branch) => branch.name),
        tensors: merged ? [] : parametersOf(layer, { layout, dtype: 'F32' }),
        shape: shapeOf(all[i + others]!.layer.out),
      })
      i += others
      last = { name, mask: masks[0]! && layers.at(-1)!.shape.length === 3 }
    }
    return last
  }
  const { name: output } = write(model, '', { name: input, mask: false })
  const chain = layers.every(({ inputs, call }, i) =>
    inputs.join() === (layers[i - 1]?.name ?? input) && Object.keys(call).length === 0)
  return { shape: shapeOf(model.in), input, layers: chain ? layers : inKerasOrder(layers, output), chain, output }
}

const layout = /* @__PURE__ */ layerLayout(keras)

const shapeOf = ({ kind, size }: Signal): KerasShape =>
  ({ tokens: [null, null], vector: [null, size], sequence: [null, null, size] })[kind]

/** What a container merges; undefined for a branch that is its input. */
const branchesOf = ({ layer }: Placed): {
  readonly merge: Merge
  readonly parts: readonly (readonly [name: string, layers: Sequential | undefined])[]
} | undefined => {
  if (layer instanceof Residual) return { merge: 'sum', parts: [['x', undefined], ['f', layer.body]] }
  return layer instanceof Branches ? layer : undefined
}

const mergeConfig = ({ dialect: { merges }, refused }: Placed, merge: Merge): Written => {
  const class_name = merges[merge]
  if (class_name === undefined) throw refused(`a merge among ${Object.keys(merges).join(', ')}`, merge)
  return { class_name, config: merge === 'concat' ? { axis: -1 } : {} }
}
