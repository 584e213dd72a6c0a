import { relu } from '@recurra/formula'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/**
 * h' = tanh(x·W + h·U + b), the vanilla RNN (Elman 1990): [batch, time, features] -> [batch, time, size]. `activation`
 * replaces tanh (PyTorch's nonlinearity).
 *
 * ```ts
 * import { dense, rnn, sequential } from 'recurra'
 *
 * const model = sequential(4, [rnn(16, { initializers: { recurrentWeight: 'orthogonal' } }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const rnn: Cell<'h', 'a', 'activation'> = cell(
  'rnn',
  { gates: ['a'], state: ['h'], activations: { activation: 'tanh' } },
  ({ gate, activations: { activation } }) => ({ h: activation(gate.a) }),
)

/**
 * h' = max(0, x·W + h·U + b), as `rnn` with `activation: 'relu'`: [batch, time, features] -> [batch, time, size].
 * Initialize it with the identity (IRNN, Le et al. 2015).
 *
 * ```ts
 * import { dense, rnnRelu, sequential } from 'recurra'
 *
 * const model = sequential(4, [rnnRelu(16, { initializers: { recurrentWeight: 'identity' } }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const rnnRelu: Cell<'h', 'a'> = cell('rnnRelu', { gates: ['a'], state: ['h'] }, ({ gate }) => ({
  h: relu(gate.a),
}))
