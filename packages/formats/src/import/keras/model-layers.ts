import { unclear } from '../module.ts'
import { seriesParallel, type GraphNode, type Step } from '../series-parallel.ts'
import { attentionTypes } from './attention.ts'
import { classNames } from './class-names.ts'
import { callsIn, type Reference } from './calls-in.ts'
import { damaged, layerIn, type KerasLayer } from './keras-layer.ts'

/** A layer in its model. */
export interface ModelLayer extends KerasLayer {
  /** Its place in a `.weights.h5` of Keras 3: `layers/lstm_1`. */
  readonly path: string
  /** The names of the models that it is in, from the outermost one. */
  readonly within: readonly string[]
  /** How often its model calls it. */
  readonly calls: number
  /** What it merges; empty for a layer that reads the one before it. */
  readonly branches: readonly (readonly ModelLayer[])[]
}

type Config = Readonly<Record<string, unknown>>
type Placed = Omit<ModelLayer, 'branches' | 'calls'>

/**
 * The layers of a model from its input to its output: of a `Sequential`, or a functional model with one input and one
 * output, each of them also within another.
 * @throws `ValueError` if it is another class or graph; the error names the layer.
 */
export const modelLayers = (model: unknown): ModelLayer[] =>
  layersOf({ ...layerIn(model, 'model'), path: '', within: [] })

/** All layers, those in branches, too. */
export const allLayers = (layers: readonly ModelLayer[]): ModelLayer[] =>
  layers.flatMap((layer) => [...layer.branches.flatMap(allLayers), layer])

const layersOf = ({ type, name, config, path, within }: Placed): ModelLayer[] => {
  if (within.length >= 8) throw unclear(name, 'models within models at most 8 deep', 'more', damaged)
  const { layers } = config
  if (!Array.isArray(layers) || !models.includes(type))
    throw unclear(name, `a model of the classes ${models.join(', ')}`, type, subclassed)
  const all = placed(layers as unknown[], path, path === '' ? [] : [...within, name])
  if (type !== 'Sequential') return inLayers(seriesOf(all, layers as Config[], config, name), true)
  const steps = all.map((layer) => ({ node: { ...layer, inputs: [], layer: layer.name, calls: 1 }, branches: [] }))
  return inLayers(steps, true)
}

const models = ['Sequential', 'Functional', 'Model']
const subclassed = 'Keras saves the layers of a model of your own class in its Python code alone.'

/** A call of a layer. */
interface Called extends Placed, GraphNode, Pick<ModelLayer, 'calls'> {
  /** The name of the layer. */
  readonly layer: string
}

/** The layers of steps. A model among them is the layers in it, without its input unless that is the `first` layer. */
const inLayers = (steps: readonly Step<Called>[], first: boolean): ModelLayer[] =>
  steps.flatMap(({ node, branches }, i) => {
    if (!models.includes(node.type))
      return [{ ...node, name: node.layer, branches: branches.map((branch) => inLayers(branch, false)) }]
    const inner = layersOf(node)
    return first && i === 0 ? inner : inner.filter((one) => one.type !== 'InputLayer')
  })

/** The layers of a list, each with its place. */
const placed = (layers: readonly unknown[], path: string, within: readonly string[]): Placed[] => {
  const all = layers.map((value) => layerIn(value, 'model'))
  const names = classNames(all.map(({ type }) => type))
  return all.map((layer, i) => ({ ...layer, path: `${path && `${path}/`}layers/${names[i]}`, within }))
}

/** From the input to the output of a functional model, the input included. */
const seriesOf = (
  all: readonly Placed[], described: readonly Config[], config: Config, where: string,
): Step<Called>[] => {
  const [input, output] = [['input_layers', 'input'], ['output_layers', 'output']].map(([key, what]) => {
    const ends = endsIn(config[key!])
    if (ends.length === 1) return ends[0]!
    throw unclear(where, `one ${what}`, `${ends.length}: ${ends.map(([name]) => name).join(', ')}`, oneWay)
  })
  const types = new Map(all.map(({ name, type }) => [name, type]))
  const nodeOf = (reader: string, [name, call, tensor]: Reference): string => {
    if (tensor !== 0) throw unclear(reader, `the first output of ${name} alone`, `output ${tensor}`, oneWay)
    // A functional model has a call of its own already where it is defined.
    return call === 0 || (call === 1 && models.includes(types.get(name)!)) ? name : `${name}, call ${call + 1}`
  }
  const nodes = all.flatMap((layer, i): Called[] => {
    const calls = callsIn(layer.name, described[i]!)
    if (calls.length > 1 && models.includes(layer.type))
      throw unclear(layer.name, 'a model that is called once', `${calls.length} calls`, oneWay)
    const called = { ...layer, layer: layer.name, calls: calls.length, inputs: [] }
    if (calls.length === 0) return [called]
    return calls.map(({ inputs, options }, n) => {
      const read = inputs.map((one) => nodeOf(layer.name, one))
      const self = attentionTypes.includes(layer.type) && read.every((one) => one === read[0])
      return {
        ...called, name: nodeOf(layer.name, [layer.name, n, 0]), inputs: self ? read.slice(0, 1) : read,
        config: { ...layer.config, ...options },
      }
    })
  })
  const steps = seriesParallel(nodes, nodeOf(where, output!))
  const first = nodes.find(({ inputs }) => inputs.length === 0)!
  if (first.name !== input![0]) throw unclear(where, `${input![0]} first`, first.name, damaged)
  return [{ node: first, branches: [] }, ...steps]
}

const oneWay = 'Build the model with branches, residual or an encoderDecoder, and load its parts with loadParameters.'

/** `[["input_1", 0, 0]]`, or `["input_1", 0, 0]` */
const endsIn = (value: unknown): Reference[] => {
  const list = Array.isArray(value) ? (typeof value[0] === 'string' ? [value] : (value as unknown[])) : []
  return list.map((one) =>
    Array.isArray(one) ? [String(one[0]), Number(one[1]), Number(one[2])] : [String(one), 0, 0])
}
