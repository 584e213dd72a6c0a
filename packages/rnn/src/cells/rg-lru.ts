import { exp, expm1, max, sigmoid, softplus, sqrt } from '@recurra/formula'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/**
 * Real-gated linear recurrent unit of Griffin (De et al. 2024): a diagonal recurrence without recurrent product, whose
 * decay depends on the input. Gates r i v, where r decays, i lets in, and v is the value: the linear layer before the
 * unit in the paper's block. [batch, time, features] -> [batch, time, size].
 *
 * $$ h' = a_t h + \sqrt{1 - a_t^2}\,(\sigma(i) \odot v) \qquad a_t = \sigma(\lambda)^{8 \sigma(r)} $$
 *
 * λ, `decay` [size], starts uniform in [4.3, 9]: with r open, a unit keeps 0.9 to 0.999 of its state.
 *
 * ```ts
 * import { activation, convolution, dense, gated, rgLru, sequential } from 'recurra'
 *
 * const unit = [convolution(4, { kernel: 4, padding: 'causal' }), rgLru(16)]
 * const model = sequential(4, [gated(unit, [dense(16), activation('gelu')]), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const rgLru: Cell<'h', 'r' | 'i' | 'v'> = cell(
  'rgLru',
  { gates: ['r', 'i', 'v'], state: ['h'], params: { decay: { uniform: [4.3, 9] } } },
  ({ x, prev, param }) => {
    const logA = softplus(param.decay.neg()).mul(-8).mul(sigmoid(x.r))
    // 1 - a², without cancellation; where it is 0, the slope of the root would be infinite.
    const rest = max(expm1(logA.mul(2)).neg(), 1e-12)
    return { h: exp(logA).mul(prev.h).add(sqrt(rest).mul(sigmoid(x.i)).mul(x.v)) }
  },
)
