import type { ActivationName } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import type { Own } from '../parameters/children.ts'
import type { Graph } from './graph.ts'
import type { Translated, Translation, Value } from './translation.ts'

/** A parameter of a layer as a constant of the graph. */
const parameter = ({ graph, layer, path }: Translated, name: string): Value | undefined => {
  const own = (layer.params as Own)[name]
  return own && graph.floats(`${path}.${name}`, own.value.shape, layer.backend.read(own.value))
}

const dense: Translation = (x, to) => {
  const product = to.graph.node('MatMul', [x, parameter(to, 'weight')!])
  const bias = parameter(to, 'bias')
  return bias ? to.graph.node('Add', [product, bias]) : product
}

const embedding: Translation = (x, to) => to.graph.node('Gather', [parameter(to, 'weight')!, x])

const oneHot: Translation = (x, { graph, layer }) =>
  graph.node('OneHot', [x, graph.integers([1], [layer.in.size]), graph.floats('off_on', [2], [0, 1])])

const layerNorm: Translation = (x, to) =>
  to.graph.node('LayerNormalization', [x, parameter(to, 'scale')!, parameter(to, 'shift')!], {
    axis: -1,
    epsilon: { float: Number(to.blueprint.options?.['epsilon'] ?? 1e-5) },
  })

const activations: { readonly [name in ActivationName]: (x: Value, graph: Graph) => Value } = {
  tanh: (x, graph) => graph.node('Tanh', [x]),
  sigmoid: (x, graph) => graph.node('Sigmoid', [x]),
  relu: (x, graph) => graph.node('Relu', [x]),
  silu: (x, graph) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  softplus: (x, graph) => graph.node('Softplus', [x]),
  elu: (x, graph) => graph.node('Elu', [x]),
}

const activation: Translation = (x, { graph, path, blueprint }) => {
  const name = blueprint.options?.['function'] as ActivationName
  if (Object.hasOwn(activations, name)) return activations[name](x, graph)
  throw new ConfigurationError({ where: `activation (layer ${path})`, expected: `one of ${Object.keys(activations).join(', ')}`, got: 'a formula of its own', fix: 'Use an activation that ONNX has, or run this model with Recurra.' })
}

/** At inference nothing is dropped. */
const dropout: Translation = (x) => x

const last: Translation = (x, { graph, lengths }) => {
  if (!lengths) return graph.node('Gather', [x, graph.integers([], [-1])], { axis: 0 })
  const one = graph.integers([1], [1])
  const steps = graph.node('Unsqueeze', [graph.node('Sub', [graph.node('Cast', [lengths], { to: 7 }), one]), one]) // [batch, 1]
  return graph.node('GatherND', [graph.node('Transpose', [x], { perm: [1, 0, 2] }), steps], { batch_dims: 1 })
}

const repeat: Translation = (x, { graph, blueprint }) =>
  graph.node('Expand', [graph.node('Unsqueeze', [x, graph.integers([1], [0])]), graph.integers([3], [Number(blueprint.options?.['steps']), 1, 1])])

/** How layers that are not recurrent become operators, by type. */
export const layerTranslations: { readonly [type: string]: Translation } = { dense, embedding, oneHot, layerNorm, activation, dropout, last, repeat }
