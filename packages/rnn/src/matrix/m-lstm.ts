import { abs, max, sigmoid, softplus } from '@recurra/formula'
import { uncheckedRecurrence, type MatrixRecurrence } from './matrix-recurrence.ts'

/**
 * The LSTM with a matrix memory and exponential gates of xLSTM (Beck et al. 2024). [batch, time, features] -> [batch,
 * time, size].
 *
 * $$ C_t = f_t C_{t-1} + i_t\, k_t v_t^\top \qquad n_t = f_t n_{t-1} + i_t k_t \qquad
 * y_t = \sigma(x_t W_o + b_o) \odot \frac{C_t^\top q_t}{\max(|n_t^\top q_t|, 1)} $$
 *
 * with f a sigmoid, i an exponential, and k divided by √keys. Both gates are divided by the largest so far, so that the
 * exponential cannot overflow; as in the authors' code, 10⁻⁶ is added to the divisor. The state is `S` [batch, heads,
 * keys, size / heads + 1], whose last column is n, and `m` [batch, heads], the logarithm of what both are divided by.
 *
 * ```ts
 * import { dense, mLstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [mLstm(16, { heads: 2 }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if a size is not a positive integer, the heads do not divide the size, or an option is
 * unknown or invalid.
 */
export const mLstm: MatrixRecurrence<'S' | 'm'> = /* @__PURE__ */ uncheckedRecurrence('mLstm', {
  projections: { query: 'key', key: 'key', value: 'value', input: 'head', forget: 'head', output: 'value' },
  biases: { query: 0, key: 0, value: 0, input: 0, forget: { uniform: [3, 6] }, output: 0 },
  normalized: true,
  stabilized: ({ x }) => ({ logDecay: softplus(x.forget.neg()).neg(), logInput: x.input }),
  key: ({ x, head, keys }) => ({ query: x.query, key: x.key.mul(head.input).div(Math.sqrt(keys)) }),
  value: ({ x }) => x.value,
  output: ({ x, y, norm, head }) => sigmoid(x.output).mul(y).div(max(abs(norm), head.floor).add(1e-6)),
})
