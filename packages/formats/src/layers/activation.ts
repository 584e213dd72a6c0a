import { input, outputsOf } from '@recurra/formula'
import { activation, activations, type Activation, type ActivationName, type Blueprint } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { loops } from '../javascript/loops.ts'
import type { LayerScript } from '../javascript/script.ts'
import type { Graph } from '../onnx/graph.ts'
import type { Translation, Value } from '../onnx/translation.ts'
import type { LayerMaker } from './layer-format.ts'
import { taking } from './maker.ts'

export const make: LayerMaker = /* @__PURE__ */ taking(['function'], (options) => activation(named(options['function'])) as Blueprint)

/** A formula is no data: it cannot be written, and what was not written cannot be read. */
const named = (name: unknown): ActivationName => {
  if (Object.hasOwn(activations, name as string)) return name as ActivationName
  throw new ConfigurationError({
    where: 'activation',
    expected: `one of ${Object.keys(activations).join(', ')}`,
    got: `${String(name)}, a formula of its own`,
    fix: 'Use one of these, or tell how it is made: { layers: { activation: () => activation((x) => …) } }.',
  })
}

const operators: { readonly [name in ActivationName]: (x: Value, graph: Graph) => Value } = {
  tanh: (x, graph) => graph.node('Tanh', [x]),
  sigmoid: (x, graph) => graph.node('Sigmoid', [x]),
  relu: (x, graph) => graph.node('Relu', [x]),
  silu: (x, graph) => graph.node('Mul', [x, graph.node('Sigmoid', [x])]),
  softplus: (x, graph) => graph.node('Softplus', [x]),
  elu: (x, graph) => graph.node('Elu', [x]),
  hardSigmoid: (x, graph) => graph.node('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }),
  hardSigmoidKeras2: (x, graph) => graph.node('HardSigmoid', [x], { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
}

export const onnx: Translation = (x, { graph, path, blueprint }) => {
  const name = blueprint.options?.['function'] as ActivationName
  if (Object.hasOwn(operators, name)) return operators[name](x, graph)
  throw new ConfigurationError({
    where: `activation (layer ${path})`,
    expected: `one of ${Object.keys(operators).join(', ')}`,
    got: 'a formula of its own',
    fix: 'Use an activation that ONNX has, or run this model with Recurra.',
  })
}

export const script: LayerScript = (to) => {
  to.output()
  to.step.push(...loops(outputsOf({ y: (to.layer as Activation).f(input('input')) }), to.units), 'return y')
}
