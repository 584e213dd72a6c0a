import { input, outputsOf } from '@recurra/formula'
import {
  activation, type Activation, type ActivationName, type ActivationOptions, type Blueprint, type FeaturesActivationName,
} from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { loops, object } from '../javascript/loops.ts'
import type { LayerScript } from '../javascript/script.ts'
import type { Graph } from '../onnx/graph.ts'
import type { Translation, ValueName } from '../onnx/translation.ts'
import type { LayerFormat, LayerMaker } from './layer-format.ts'

type Name = ActivationName | FeaturesActivationName

/** A formula is not data: it cannot be saved, and so cannot be loaded. */
const make: LayerMaker = ({ function: name, ...options }) => {
  if (name !== 'custom') return activation(name as Name, options) as Blueprint
  throw new ConfigurationError({
    where: 'activation',
    expected: 'one that has a name',
    got: 'custom, a formula of its own',
    fix: 'Use one that has a name, or tell how it is made: { layers: { activation: () => activation((x) => …) } }.',
  })
}

/** A number as a constant of a graph. */
export const constantOf = (graph: Graph, value: number): ValueName =>
  graph.node('Constant', [], { value_float: { float: value } })

/** x · (1 + f) / 2 */
const gated = (x: ValueName, f: ValueName, graph: Graph): ValueName =>
  graph.node('Mul', [graph.node('Mul', [x, constantOf(graph, 0.5)]), graph.node('Add', [f, constantOf(graph, 1)])])

/** Activations in ONNX. */
export const activationOperators: {
  readonly [name in Name]: (x: ValueName, graph: Graph, options: ActivationOptions) => ValueName
} = {
  tanh: (x, graph) => graph.node('Tanh', [x]),
  sigmoid: (x, graph) => graph.node('Sigmoid', [x]),
  relu: (x, graph) => graph.node('Relu', [x]),
  silu: (x, graph) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  gelu: (x, graph) => gated(x, graph.node('Erf', [graph.node('Mul', [x, constantOf(graph, Math.SQRT1_2)])]), graph),
  geluTanh: (x, graph) => {
    const square = graph.node('Mul', [x, x])
    const slope = graph.node('Add', [graph.node('Mul', [square, constantOf(graph, 0.044715)]), constantOf(graph, 1)])
    const inner = graph.node('Mul', [graph.node('Mul', [x, slope]), constantOf(graph, Math.sqrt(2 / Math.PI))])
    return gated(x, graph.node('Tanh', [inner]), graph)
  },
  softplus: (x, graph) => graph.node('Softplus', [x]),
  logSigmoid: (x, graph) => graph.node('Neg', [graph.node('Softplus', [graph.node('Neg', [x])])]),
  elu: (x, graph, { alpha = 1 }) => graph.node('Elu', [x], { alpha: { float: alpha } }),
  selu: (x, graph) => graph.node('Selu', [x]),
  leakyRelu: (x, graph, { negativeSlope = 0.01 }) => graph.node('LeakyRelu', [x], { alpha: { float: negativeSlope } }),
  hardtanh: (x, graph, { min = -1, max = 1 }) =>
    graph.node('Clip', [x, constantOf(graph, min), constantOf(graph, max)]),
  hardSigmoid: (x, graph) => graph.node('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
  hardSigmoidKeras2: (x, graph) => graph.node('HardSigmoid', [x], { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
  hardSwish: (x, graph) => graph.node('HardSwish', [x]),
  mish: (x, graph) => graph.node('Mul', [x, graph.node('Tanh', [graph.node('Softplus', [x])])]),
  softsign: (x, graph) => graph.node('Softsign', [x]),
  exponential: (x, graph) => graph.node('Exp', [x]),
  linear: (x, graph) => graph.node('Identity', [x]),
  softmax: (x, graph) => graph.node('Softmax', [x], { axis: -1 }),
  logSoftmax: (x, graph) => graph.node('LogSoftmax', [x], { axis: -1 }),
}

const onnx: Translation = (x, { graph, path, blueprint }) => {
  const { function: name, ...options } = blueprint.options as unknown as { readonly function: Name } & ActivationOptions
  if (Object.hasOwn(activationOperators, name)) return activationOperators[name](x, graph, options)
  throw new ConfigurationError({
    where: `activation (layer ${path})`,
    expected: `one of ${Object.keys(activationOperators).join(', ')}`,
    got: 'a formula of its own',
    fix: 'Use an activation that ONNX has, or run this model with Recurra.',
  })
}

/** Any formula of one element, with its parameters. */
export const elementWiseScript: LayerScript = (to) => {
  const names = Object.keys(to.layer.params)
  to.output()
  if (names.length > 0) to.memory.push(`const param = ${object(names, (name) => to.parameter(name)!)}`)
  to.step.push(...loops(outputsOf({ y: (to.layer as Activation).f(input('input')) }), to.units), 'return y')
}

export const activationFormat: LayerFormat = { make, onnx, script: elementWiseScript }
