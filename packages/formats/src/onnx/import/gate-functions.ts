import type { ActivationName, FormulaTree } from '@recurra/layers'
import type { OperatorAttributes } from './attributes.ts'
import { damaged, unsupported } from './faults.ts'

/** The recurrent operators. */
export type RecurrentKind = 'RNN' | 'GRU' | 'LSTM'

const defaults = { RNN: ['Tanh'], GRU: ['Sigmoid', 'Tanh'], LSTM: ['Sigmoid', 'Tanh', 'Tanh'] } as const

/** The parameters of functions that have some, and their values if a file gives none. */
const parameters: { readonly [name: string]: { readonly alpha?: number; readonly beta?: number } } = {
  affine: { alpha: 1, beta: 0 }, elu: { alpha: 1 }, hardsigmoid: { alpha: 0.2, beta: 0.5 }, leakyrelu: { alpha: 0.01 },
  scaledtanh: { alpha: 1, beta: 1 }, thresholdedrelu: { alpha: 1 },
}

/** A function of a gate. */
export interface GateFunction {
  /** Our activation of the same function, if there is one. */
  readonly name: ActivationName | undefined
  /** Its formula. */
  readonly of: (x: FormulaTree) => FormulaTree
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6

const plain: { readonly [name: string]: ActivationName } = {
  tanh: 'tanh', sigmoid: 'sigmoid', relu: 'relu', softplus: 'softplus', softsign: 'softsign',
}

/** The functions of the standard, with their numbers. */
const formulas: { readonly [name: string]: (alpha: number, beta: number) => GateFunction } = {
  affine: (alpha, beta) => ({
    name: near(alpha, 1) && near(beta, 0) ? 'linear' : undefined, of: (x) => ['add', ['mul', x, alpha], beta],
  }),
  elu: (alpha) => ({ name: near(alpha, 1) ? 'elu' : undefined, of: (x) => ['elu', x, alpha] }),
  hardsigmoid: (alpha, beta) => ({
    name: !near(beta, 0.5) ? undefined
      : near(alpha, 1 / 6) ? 'hardSigmoid' : near(alpha, 0.2) ? 'hardSigmoidKeras2' : undefined,
    of: (x) => ['hardtanh', ['add', ['mul', x, alpha], beta], 0, 1],
  }),
  leakyrelu: (alpha) => ({ name: near(alpha, 0.01) ? 'leakyRelu' : undefined, of: (x) => ['leakyRelu', x, alpha] }),
  scaledtanh: (alpha, beta) => ({
    name: near(alpha, 1) && near(beta, 1) ? 'tanh' : undefined, of: (x) => ['mul', ['tanh', ['mul', x, beta]], alpha],
  }),
  thresholdedrelu: (alpha) => ({ name: undefined, of: (x) => ['select', ['sub', x, alpha], x, 0] }),
}

/**
 * The functions of a recurrent operator, direction by direction. `activation_alpha` and `activation_beta` list the
 * values of those that have one, in their order.
 * @throws `ValueError` if there are too few or too many, or the standard has no such function.
 */
export const gateFunctions = (
  kind: RecurrentKind, attributes: OperatorAttributes, directions: number, where: string,
): GateFunction[] => {
  const given = attributes.texts('activations')
  const usual = defaults[kind]
  const count = directions * usual.length
  const names = given.length > 0 ? given : Array.from({ length: count }, (_, i) => usual[i % usual.length]!)
  if (names.length !== count)
    throw unsupported(where, `${count} activations`, names.join(', '), damaged)
  const [alphas, betas] = [[...attributes.floats('activation_alpha')], [...attributes.floats('activation_beta')]]
  return names.map((asWritten) => {
    const name = asWritten.toLowerCase()
    if (Object.hasOwn(plain, name)) return { name: plain[name], of: (x) => [plain[name]!, x] }
    const make = Object.hasOwn(formulas, name) ? formulas[name] : undefined
    if (!make) throw unsupported(where, 'activations of the standard', asWritten)
    const { alpha, beta } = parameters[name]!
    const numberOf = (usually: number | undefined, list: number[]): number =>
      usually === undefined ? 0 : (list.shift() ?? usually)
    return make(numberOf(alpha, alphas), numberOf(beta, betas))
  })
}
