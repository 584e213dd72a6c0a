import { mix, sigmoid, tanh } from '@recurra/formula'
import { cell, type Cell } from '../cell.ts'

/**
 * Gated recurrent unit, reset after the product, as PyTorch and cuDNN: n = tanh(x_n + r⊙(h·U_n + b)),
 * h' = (1 - z)⊙n + z⊙h (Cho et al. 2014). Gates r z n. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, gru, sequential } from 'recurra'
 *
 * const model = sequential(4, [gru(16, { gateBias: { z: 1 } }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if the size is no whole number of at least 1, or an option is not known.
 */
export const gru: Cell<'h', 'r' | 'z' | 'n'> = cell('gru', { gates: ['r', 'z', 'n'], state: ['h'] }, ({ x, h, gate, prev }) => ({
  h: mix(sigmoid(gate.z), tanh(x.n.add(sigmoid(gate.r).mul(h.n))), prev.h),
}))

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
 * @throws `ConfigurationError` if the size is no whole number of at least 1, or an option is not known.
 */
export const gruResetBefore: Cell<'h', 'r' | 'z' | 'n'> = cell('gruResetBefore', { gates: ['r', 'z', 'n'], state: ['h'] }, ({ gate, prev }) => [
  { h: mix(sigmoid(gate.z), tanh(gate.n), prev.h) },
  { recurrentInput: { n: sigmoid(gate.r).mul(prev.h) } },
])
