import { isRecord } from '@recurra/tensor'
import { unclear } from '../module.ts'
import { classNames } from './class-names.ts'
import { damaged, layerIn, type KerasLayer } from './keras-layer.ts'

/** A layer and its place in a `.weights.h5` of Keras 3: `layers/lstm_1`. */
export interface PlacedLayer extends KerasLayer {
  readonly path: string
}

type Config = Readonly<Record<string, unknown>>

/** A layer as a graph calls it: once, with the output of another one. */
interface Called extends PlacedLayer {
  readonly from: string | undefined
}

/**
 * The layers of a model from the first to the last: a `Sequential`, or a functional model that is a chain, each of them
 * also within another.
 * @throws `ValueError` if it is another class or graph; the error names the layer.
 */
export const layersInOrder = (model: unknown, within = '', depth = 1): PlacedLayer[] => {
  const { type, name, config } = layerIn(model, 'model')
  if (depth > 8) throw unclear(name, 'models within models at most 8 deep', 'more', damaged)
  const layers = config['layers']
  if (!Array.isArray(layers) || !models.includes(type))
    throw unclear(name, `a model of the classes ${models.join(', ')}`, type, subclassed)
  const all = placed(layers as unknown[], within)
  const chain = type === 'Sequential' ? all : inChain(all, layers as unknown[], config, name)
  return chain.flatMap((layer, i) => {
    if (!models.includes(layer.type)) return [layer]
    const inner = layersInOrder({ class_name: layer.type, config: layer.config }, layer.path, depth + 1)
    return i === 0 ? inner : inner.filter((one) => one.type !== 'InputLayer')
  })
}

const models = ['Sequential', 'Functional', 'Model']
const subclassed = 'Keras saves the layers of a model of your own class in its Python code alone.'

/** The layers of a list, each with its place. */
const placed = (layers: readonly unknown[], within: string): PlacedLayer[] => {
  const all = layers.map((value) => layerIn(value, 'model'))
  const names = classNames(all.map(({ type }) => type))
  return all.map((layer, i) => ({ ...layer, path: `${within && `${within}/`}layers/${names[i]}` }))
}

/** From the input to the output, where each layer has one of each. */
const inChain = (
  all: readonly PlacedLayer[], described: readonly unknown[], config: Config, where: string,
): PlacedLayer[] => {
  const ends = [['input_layers', 'input'], ['output_layers', 'output']].map(([key, what]) => {
    const names = endsIn(config[key!])
    if (names.length === 1) return names[0]!
    throw unclear(where, `one ${what}`, `${names.length}: ${names.join(', ')}`)
  })
  const called = all.map((layer, i): Called => ({ ...layer, from: callerOf(layer.name, described[i] as Config) }))
  const order: Called[] = []
  for (let at = ends[1]; at !== undefined; at = order[0]!.from) {
    const next = called.find(({ name }) => name === at)
    if (!next || order.includes(next))
      throw unclear(at, 'a layer of the model, called once', 'none, or a circle', damaged)
    order.unshift(next)
  }
  const outside = called.find((layer) => !order.includes(layer))
  if (outside) throw unclear(outside.name, 'layers one after the other', `${outside.type} on another way`, oneWay)
  if (order[0]!.name !== ends[0]) throw unclear(where, `${ends[0]!} first`, order[0]!.name, damaged)
  return order
}

const oneWay = 'Build the model with branches, residual or an encoderDecoder, and load its parts with loadParameters.'

/** The names in `[["input_1", 0, 0]]`, or `["input_1", 0, 0]`. */
const endsIn = (value: unknown): string[] => {
  const list = Array.isArray(value) ? (typeof value[0] === 'string' ? [value] : (value as unknown[])) : []
  return list.map((one) => String(Array.isArray(one) ? one[0] : one))
}

/** The layer whose output a layer takes; undefined for an input. */
const callerOf = (where: string, layer: Config): string | undefined => {
  const calls = layer['inbound_nodes']
  if (!Array.isArray(calls) || calls.length === 0) return undefined
  if (calls.length > 1) throw unclear(where, 'a layer that is called once', `${calls.length} calls`, oneWay)
  const tensors = isRecord(calls[0]) ? keras3Inputs(where, calls[0]) : keras2Inputs(where, calls[0])
  if (tensors.length !== 1) throw unclear(where, 'one input', `${tensors.length}`, oneWay)
  const [name, node, output] = tensors[0]!
  if (node !== 0 || output !== 0)
    throw unclear(where, 'the only output of the layer before', `output ${output}`, oneWay)
  return name
}

type Reference = readonly [layer: string, node: number, output: number]

/** `{ args: [{ class_name: "__keras_tensor__", config: { keras_history } }], kwargs }` */
const keras3Inputs = (where: string, { args, kwargs }: Config): Reference[] => {
  expectPlainCall(where, kwargs)
  const all = (Array.isArray(args) ? args : []).flat() as unknown[]
  return all.map((one) => {
    const history = isRecord(one) && isRecord(one['config']) ? one['config']['keras_history'] : undefined
    if (Array.isArray(history)) return [String(history[0]), Number(history[1]), Number(history[2])]
    throw unclear(where, 'inputs that are outputs of layers', JSON.stringify(one), oneWay)
  })
}

/** `[["dense", 0, 0, {}]]` */
const keras2Inputs = (where: string, call: unknown): Reference[] => {
  const all = (Array.isArray(call) ? (typeof call[0] === 'string' ? [call] : call) : []) as unknown[]
  return all.map((one) => {
    const [name, node, output, kwargs] = Array.isArray(one) ? (one as unknown[]) : []
    expectPlainCall(where, kwargs)
    return [String(name), Number(node), Number(output)]
  })
}

/** `training` and `mask` are what the caller of our model decides. */
const expectPlainCall = (where: string, kwargs: unknown): void => {
  const given = Object.entries(isRecord(kwargs) ? kwargs : {})
  const [name, value] = given.find(([key, one]) => one != null && !(key === 'training' && one === false)) ?? []
  if (name !== undefined)
    throw unclear(where, 'a call with an input alone', `${name}: ${JSON.stringify(value)}`, oneWay)
}
