import type { ActivationName } from '@recurra/layers'
import type { OperatorAttributes } from './attributes.ts'
import { damaged, unsupported } from './faults.ts'

const defaults = { RNN: ['Tanh'], GRU: ['Sigmoid', 'Tanh'], LSTM: ['Sigmoid', 'Tanh', 'Tanh'] } as const

/** Activations with parameters, and the values of these if a file gives none. */
const parameters: { readonly [name: string]: { readonly alpha?: number; readonly beta?: number } } = {
  affine: { alpha: 1, beta: 0 }, elu: { alpha: 1 }, hardsigmoid: { alpha: 0.2, beta: 0.5 }, leakyrelu: { alpha: 0.01 },
  scaledtanh: { alpha: 1, beta: 1 }, thresholdedrelu: { alpha: 1 },
}

const near = (a: number | undefined, b: number): boolean => a !== undefined && Math.abs(a - b) < 1e-6

/** Our function of this name and parameters. */
const ours = (name: string, alpha?: number, beta?: number): ActivationName | undefined => {
  const plain: { readonly [name: string]: ActivationName } = {
    tanh: 'tanh', sigmoid: 'sigmoid', relu: 'relu', softplus: 'softplus', softsign: 'softsign',
  }
  if (Object.hasOwn(plain, name)) return plain[name]
  if (name === 'elu' && near(alpha, 1)) return 'elu'
  if (name === 'leakyrelu' && near(alpha, 0.01)) return 'leakyRelu'
  if (name === 'scaledtanh' && near(alpha, 1) && near(beta, 1)) return 'tanh'
  if (name === 'affine' && near(alpha, 1) && near(beta, 0)) return 'linear'
  if (name !== 'hardsigmoid' || !near(beta, 0.5)) return undefined
  return near(alpha, 1 / 6) ? 'hardSigmoid' : near(alpha, 0.2) ? 'hardSigmoidKeras2' : undefined
}

/**
 * The activations of a recurrent operator, direction by direction. `activation_alpha` and `activation_beta` list the
 * values of those that have one, in their order.
 * @throws `ValueError` if there are too few or too many, or Recurra has no such function.
 */
export const gateActivations = (
  kind: keyof typeof defaults, attributes: OperatorAttributes, count: number, where: string,
): ActivationName[] => {
  const given = attributes.texts('activations')
  const usual = defaults[kind]
  const names = given.length > 0 ? given : Array.from({ length: count }, (_, i) => usual[i % usual.length]!)
  if (names.length !== count)
    throw unsupported(where, `${count} activations`, names.join(', '), damaged)
  const [alphas, betas] = [[...attributes.floats('activation_alpha')], [...attributes.floats('activation_beta')]]
  return names.map((name) => {
    const { alpha, beta } = parameters[name.toLowerCase()] ?? {}
    const a = alpha === undefined ? undefined : (alphas.shift() ?? alpha)
    const b = beta === undefined ? undefined : (betas.shift() ?? beta)
    const found = ours(name.toLowerCase(), a, b)
    if (found !== undefined) return found
    throw unsupported(
      where, 'gates with Tanh, Sigmoid, Relu, Softplus, Elu, LeakyRelu or HardSigmoid, with their usual parameters',
      [name, ...(a === undefined ? [] : [`alpha ${a}`]), ...(b === undefined ? [] : [`beta ${b}`])].join(', '),
      'Define the cell with cell(…), and give it the parameters with loadParameters.',
    )
  })
}
