import type { ConfigurationError } from '@recurra/tensor'

/** The functions of TensorFlow.js that have no options, by our names. */
const functions: Readonly<Record<string, string>> = {
  tanh: 'tanh', sigmoid: 'sigmoid', relu: 'relu', silu: 'swish', gelu: 'gelu', geluTanh: 'gelu_new',
  softplus: 'softplus', elu: 'elu', selu: 'selu', hardSigmoidKeras2: 'hard_sigmoid', softmax: 'softmax',
  logSoftmax: 'log_softmax',
}

type Refuse = (expected: string, got: string) => ConfigurationError

/**
 * The name of a function in TensorFlow.js.
 * @throws `ConfigurationError` if it has none.
 */
export const functionName = (name: string, refuse: Refuse): string => {
  if (Object.hasOwn(functions, name)) return functions[name]!
  throw refuse(`one of the activations ${Object.keys(functions).join(', ')}`, name)
}

/**
 * The layer of an activation, whose options may need a layer of its own.
 * @throws `ConfigurationError` if TensorFlow.js has none.
 */
export const activationConfig = (
  { function: name, alpha, negativeSlope, min, max }: Readonly<Record<string, unknown>>, refuse: Refuse,
): [type: string, config: Readonly<Record<string, unknown>>] => {
  if (name === 'leakyRelu') return ['LeakyReLU', { alpha: negativeSlope ?? 0.01 }]
  if (name === 'elu' && alpha !== undefined) return ['ELU', { alpha }]
  if (name === 'hardtanh' && min === 0) return ['ReLU', { max_value: max ?? 1 }]
  return ['Activation', { activation: functionName(String(name), refuse) }]
}
