import { mix } from '@recurra/formula'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/**
 * Gated recurrent unit, reset after the product, as in PyTorch and cuDNN: n = tanh(x_n + r⊙(h·U_n + b)), h' = (1 -
 * z)⊙n + z⊙h (Cho et al. 2014). Gates r z n; `recurrentActivation` replaces the sigmoid, and `activation` replaces
 * tanh. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, gru, sequential } from 'recurra'
 *
 * const model = sequential(4, [gru(16, { gateBias: { z: 1 } }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const gru: Cell<'h', 'r' | 'z' | 'n', 'activation' | 'recurrentActivation'> = cell(
  'gru',
  { gates: ['r', 'z', 'n'], state: ['h'], activations: { activation: 'tanh', recurrentActivation: 'sigmoid' } },
  ({ x, h, gate, prev, activations: { activation, recurrentActivation } }) => ({
    h: mix(recurrentActivation(gate.z), activation(x.n.add(recurrentActivation(gate.r).mul(h.n))), prev.h),
  }),
)

/**
 * GRU with the reset before the product, as first published (Cho et al. 2014): n = tanh(x_n + (r⊙h)·U_n). Gates
 * r z n. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, gruResetBefore, sequential } from 'recurra'
 *
 * const model = sequential(4, [gruResetBefore(16), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const gruResetBefore: Cell<'h', 'r' | 'z' | 'n', 'activation' | 'recurrentActivation'> = cell(
  'gruResetBefore',
  { gates: ['r', 'z', 'n'], state: ['h'], activations: { activation: 'tanh', recurrentActivation: 'sigmoid' } },
  ({ gate, prev, activations: { activation, recurrentActivation } }) => [
    { h: mix(recurrentActivation(gate.z), activation(gate.n), prev.h) },
    { recurrentInput: { n: recurrentActivation(gate.r).mul(prev.h) } },
  ],
)
