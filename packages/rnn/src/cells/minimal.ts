import { mix, sigmoid, softplus } from '@recurra/formula'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/**
 * minGRU (Feng et al. 2024): the gates read only the input, so there is no recurrent product. Gates z n: h' = (1 -
 * z)⊙h + z⊙n. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, minGru, sequential, stack } from 'recurra'
 *
 * const model = sequential(4, [stack(2, minGru(16)), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const minGru: Cell<'h', 'z' | 'n'> = cell('minGru', { gates: ['z', 'n'], state: ['h'] }, ({ x, prev }) => ({
  h: mix(sigmoid(x.z), prev.h, x.n),
}))

/**
 * minLSTM (Feng et al. 2024): the gates read only the input, so there is no recurrent product. Gates i f n; the forget
 * and the input gate are normalized to sum to 1: h' = f/(f + i)⊙h + i/(f + i)⊙n. With `gateBias: { f: 3 }` it keeps
 * most of its state at the start of training. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, minLstm, sequential, stack } from 'recurra'
 *
 * const model = sequential(4, [stack(2, minLstm(16, { gateBias: { f: 3 } })), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const minLstm: Cell<'h', 'i' | 'f' | 'n'> = cell(
  'minLstm',
  { gates: ['i', 'f', 'n'], state: ['h'] },
  ({ x, prev }) => {
    // f/(f + i) = sigmoid(log f - log i), which is not 0/0 if both gates are closed.
    const keep = sigmoid(softplus(x.i.neg()).sub(softplus(x.f.neg())))
    return { h: mix(keep, x.n, prev.h) }
  },
)
