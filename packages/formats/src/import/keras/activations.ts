import {
  activation, formulaLayer, type ActivationName, type ActivationOptions, type FormulaTree,
} from '@recurra/layers'
import { isRecord } from '@recurra/tensor'
import type { Attributes } from './attributes.ts'
import { plain, type LayerPart, type Translate } from './keras-layer.ts'
import { overSteps } from './reshaping.ts'

type Function = readonly [name: ActivationName | 'softmax' | 'logSoftmax', options?: ActivationOptions]

/** Keras' names of functions; those with options of ours have Keras' defaults. */
const functions: { readonly [name: string]: Function } = {
  relu: ['relu'], sigmoid: ['sigmoid'], tanh: ['tanh'], softmax: ['softmax'], log_softmax: ['logSoftmax'],
  elu: ['elu'], selu: ['selu'], softplus: ['softplus'], gelu: ['gelu'], gelu_new: ['geluTanh'],
  silu: ['silu'], swish: ['silu'], log_sigmoid: ['logSigmoid'], leaky_relu: ['leakyRelu', { negativeSlope: 0.2 }],
  softsign: ['softsign'], mish: ['mish'], hard_silu: ['hardSwish'], hard_swish: ['hardSwish'],
  exponential: ['exponential'], relu6: ['hardtanh', { min: 0, max: 6 }], hard_tanh: ['hardtanh'],
}

/** The word of an attribute: `relu`, or a function of a name with or without a module. */
const wordIn = (value: unknown): unknown => {
  if (!isRecord(value)) return value
  const { class_name: type, config } = value
  if (type === 'function') return isRecord(config) ? config['name'] : config
  return isRecord(config) && Object.keys(config).length > 1 ? value : snake(String(type))
}

const snake = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase()

/** The function of an attribute; undefined for `linear`, or none. */
export const functionIn = (attributes: Attributes, name: string, fallback: string): Function | undefined => {
  const given = attributes.take(name)
  const value = given === undefined ? fallback : wordIn(given)
  if (value === 'linear' || value === null) return undefined
  if (value === 'hard_sigmoid') return [attributes.writer.major < 3 ? 'hardSigmoidKeras2' : 'hardSigmoid']
  const known = typeof value === 'string' && Object.hasOwn(functions, value) ? functions[value] : undefined
  if (!known) {
    const names = ['linear', 'hard_sigmoid', ...Object.keys(functions)].join(', ')
    throw attributes.fault(name, `one of ${names}`, given)
  }
  return known
}

/** The function of a gate or a state, which has no options there. */
export const gateFunctionIn = (attributes: Attributes, name: string, fallback: string): ActivationName => {
  const [f, options] = functionIn(attributes, name, fallback) ?? []
  if (f === undefined) return 'linear'
  if (options || f === 'softmax' || f === 'logSoftmax')
    throw attributes.fault(name, 'a function of one element without options, such as tanh or sigmoid', f)
  return f
}

/** The layer of an `activation` attribute; none for `linear`. */
export const activationIn = (attributes: Attributes): LayerPart[] =>
  layerOf(functionIn(attributes, 'activation', 'linear'))

const layerOf = (f: Function | undefined): LayerPart[] => (f ? [plain(activation(...f))] : [])

const same = (parts: (attributes: Attributes) => LayerPart[]): Translate => (attributes, shape) =>
  ({ parts: parts(attributes), shape })

/** The layers that are functions. */
export const activationLayers: { readonly [type: string]: Translate } = {
  Activation: same(activationIn),
  ReLU: same((attributes) => {
    const [max, slope] = [attributes.take('max_value') ?? Infinity, attributes.finite('negative_slope', 0)]
    const threshold = attributes.finite('threshold', 0)
    if (typeof max !== 'number' || !(max >= 0)) throw attributes.fault('max_value', 'a number of at least 0', max)
    if (max === Infinity && threshold === 0)
      return layerOf(slope === 0 ? ['relu'] : ['leakyRelu', { negativeSlope: slope }])
    if (slope === 0 && threshold === 0) return layerOf(['hardtanh', { min: 0, max }])
    const above: FormulaTree = ['sub', 'x0', threshold]
    const limited: FormulaTree = max === Infinity ? 'x0' : ['min', 'x0', max]
    return [plain(formulaLayer(['select', above, limited, ['mul', slope, above]]))]
  }),
  LeakyReLU: same((attributes) => {
    const slope = attributes.finite('negative_slope', attributes.finite('alpha', 0.3))
    return layerOf(['leakyRelu', { negativeSlope: slope }])
  }),
  ELU: same((attributes) => layerOf(['elu', { alpha: attributes.finite('alpha', 1) }])),
  Softmax: (attributes, shape) => {
    const axis = attributes.take('axis') ?? -1
    if (axis === -1 || axis === shape.length) return { parts: layerOf(['softmax']), shape }
    if (shape.length === 2 && (axis === 1 || axis === -2)) return overSteps(attributes, shape, layerOf(['softmax']))
    throw attributes.fault('axis', '-1, the features, or 1, the steps', axis)
  },
}
