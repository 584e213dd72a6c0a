import { relu } from '@recurra/formula'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/**
 * IndRNN (Li et al. 2018): h' = relu(x·W + u⊙h + b). Each unit reads only its own state, so there is no recurrent
 * product. u is initialized uniformly in [0, 1); for long dependencies the paper initializes it near 1:
 * `initializers: { u: { uniform: [0.9, 1] } }`. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, indRnn, sequential, stack } from 'recurra'
 *
 * const model = sequential(4, [stack(2, indRnn(16)), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const indRnn: Cell<'h', 'a'> = cell(
  'indRnn',
  { gates: ['a'], state: ['h'], params: { u: { uniform: [0, 1] } } },
  ({ x, prev, param }) => ({ h: relu(x.a.add(param.u.mul(prev.h))) }),
)
