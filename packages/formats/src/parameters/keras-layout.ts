import type { Layer, Variable } from '@recurra/layers'
import { childrenOf, directionsOf, expectBiases, noCounterpart, type Own } from './children.ts'
import { asIs, type ParameterLayout, type Part, type StoredParameter } from './layout.ts'

/**
 * The weights of Keras, in the order of its `get_weights()`, under the names of the layer and of the weight:
 * "0/kernel", "1/forward/recurrent_kernel". Kernels lie as ours do; the gates of a GRU are in another order (z r h), and
 * its two biases, where the reset comes after the product (`gru`), are the rows of one tensor. All others have one bias.
 *
 * ```ts
 * import { gru, keras, loadParameters, saveParameters, sequential } from 'recurra'
 *
 * const model = sequential(4, [gru(8)])
 * loadParameters(model, saveParameters(model, { layout: keras }), { layout: keras })
 * ```
 * @throws `ConfigurationError` if Keras does not have such a layer, or has other biases in it.
 */
export const keras: ParameterLayout = (layer) => visit(layer, '')

/** Where the gates of Keras stand among ours. */
const gates: { readonly [type: string]: readonly number[] } = {
  rnn: [0], rnnRelu: [0],
  lstm: [0, 1, 2, 3], // i f c o
  gru: [1, 0, 2], gruResetBefore: [1, 0, 2], // z r h
}
const directionNames = ['forward/', 'backward/']

const visit = (layer: Layer, path: string): readonly StoredParameter[] => {
  const children = childrenOf(layer)
  if (children) return children.flatMap(([name, child]) => visit(child, `${path}${name}/`))
  const directions = directionsOf(layer)
  if (directions.every(({ type }) => type in gates))
    return directions.flatMap((each, d) => recurrentLayer(each, directions.length > 1 ? path + directionNames[d]! : path))
  const own = layer.params as Own
  const bias = own['bias']
  if (layer.type === 'dense') return [asIs(`${path}kernel`, own['weight']!), ...(bias ? [asIs(`${path}bias`, bias)] : [])]
  if (layer.type === 'embedding') return [asIs(`${path}embeddings`, own['weight']!)]
  if (layer.type === 'layerNorm') return [asIs(`${path}gamma`, own['scale']!), asIs(`${path}beta`, own['shift']!)]
  if (Object.keys(layer.params).length > 0) throw noCounterpart('Keras', layer)
  return []
}

const recurrentLayer = (layer: Layer, path: string): StoredParameter[] => {
  const { weight, recurrentWeight, bias, recurrentBias } = layer.params as Own
  const places = gates[layer.type]!
  const units = layer.out.size
  const inOrder = (param: Variable): Part => ({ param, order: gateOrder(places, units, param.value.shape) })
  const stored = (name: string, param: Variable): StoredParameter => ({ name: path + name, shape: param.value.shape, parts: [inOrder(param)] })
  expectBiases('Keras', layer, layer.type === 'gru' ? [0, 2] : [0, 1])
  const biases = bias && (recurrentBias
    ? { name: `${path}bias`, shape: [2, places.length * units], parts: [inOrder(bias), inOrder(recurrentBias)] }
    : stored('bias', bias))
  return [stored('kernel', weight!), stored('recurrent_kernel', recurrentWeight!), ...(biases ? [biases] : [])]
}

/** For a tensor whose rows are gates side by side: where each number stands once the gates are in another order. */
const gateOrder = (places: readonly number[], units: number, shape: readonly number[]): Int32Array => {
  const width = places.length * units
  const size = shape.reduce((product, n) => product * n, 1)
  return Int32Array.from({ length: size }, (_, i) => {
    const column = i % width
    return i - column + places[Math.floor(column / units)]! * units + (column % units)
  })
}
