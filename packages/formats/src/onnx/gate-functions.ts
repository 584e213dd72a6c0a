import type { ActivationName } from '@recurra/layers'
import type { CellDefinition } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import type { Attributes } from './graph.ts'

/** A gate activation in the recurrent operators of ONNX. */
interface GateFunction {
  readonly name: string
  readonly alpha?: number
  readonly beta?: number
}

const functions: { readonly [name in ActivationName]?: GateFunction } = {
  tanh: { name: 'Tanh' },
  sigmoid: { name: 'Sigmoid' },
  relu: { name: 'Relu' },
  softplus: { name: 'Softplus' },
  elu: { name: 'Elu', alpha: 1 },
  hardSigmoid: { name: 'HardSigmoid', alpha: 1 / 6, beta: 0.5 },
  softsign: { name: 'Softsign' },
  linear: { name: 'Affine', alpha: 1, beta: 0 },
  hardSigmoidKeras2: { name: 'HardSigmoid', alpha: 0.2, beta: 0.5 },
}

const functionOf = (name: ActivationName, where: string): GateFunction => {
  const found = functions[name]
  if (found) return found
  throw new ConfigurationError({
    where,
    expected: `gates with one of ${Object.keys(functions).join(', ')}, which ONNX has`,
    got: name,
    fix: 'Export the model as JavaScript, or run it with Recurra.',
  })
}

/**
 * The activations of a cell as attributes, direction by direction: the gates, then the candidate, then the state of an
 * LSTM. `alpha` and `beta` list the values of those activations that have one.
 */
export const gateFunctions = (
  cells: readonly CellDefinition[],
  operator: 'RNN' | 'LSTM' | 'GRU',
  where: string,
): Attributes => {
  const all = cells.flatMap(({ activations: { activation = 'tanh', recurrentActivation = 'sigmoid' } }) =>
    [
      ...(operator === 'RNN' ? [] : [recurrentActivation]), activation, ...(operator === 'LSTM' ? [activation] : []),
    ].map((name) => functionOf(name, where)),
  )
  const numbers = (what: 'alpha' | 'beta'): number[] =>
    all.flatMap(({ [what]: value }) => (value === undefined ? [] : [value]))
  const [alpha, beta] = [numbers('alpha'), numbers('beta')]
  return {
    activations: all.map(({ name }) => name),
    ...(alpha.length > 0 && { activation_alpha: { floats: alpha } }),
    ...(beta.length > 0 && { activation_beta: { floats: beta } }),
  }
}
