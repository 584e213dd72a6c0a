import { exp, softplus } from '@recurra/formula'
import { silu } from './head-formulas.ts'
import { uncheckedRecurrence, type MatrixRecurrence } from './matrix-recurrence.ts'

/**
 * The state space layer of Mamba-2 (Dao and Gu 2024): a step size Δ that depends on the input decays the state of each
 * head, and B and C, which all heads share, write and read it. [batch, time, features] -> [batch, time, size].
 *
 * $$ S_t = e^{-\Delta_t e^a} S_{t-1} + B_t (\Delta_t x_t)^\top \qquad
 * y_t = \operatorname{silu}(z_t) \odot (S_t^\top C_t + d\, x_t) \qquad
 * \Delta_t = \operatorname{softplus}(u_t W_\Delta + b) $$
 *
 * The state is `S` [batch, heads, keys, size / heads]; `keys` is the state size N of the paper, 64 or 128 there. As in
 * the paper, `convolution: 4` makes x, B and C the silu of a convolution in time, with a bias; its last inputs are then
 * the slots `value`, `write` and `read` of the state. The block ends with a norm and a product:
 * `[mamba2(64, { convolution: 4 }), rmsNorm({ epsilon: 1e-5 }), dense(32, { bias: false })]`.
 *
 * ```ts
 * import { dense, mamba2, sequential } from 'recurra'
 *
 * const model = sequential(4, [mamba2(16, { heads: 2, keys: 8 }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if a size is not a positive integer, the heads do not divide the size, or an option is
 * unknown or invalid.
 */
export const mamba2: MatrixRecurrence = /* @__PURE__ */ uncheckedRecurrence('mamba2', {
  projections: { value: 'value', gate: 'value', write: 'sharedKey', read: 'sharedKey', step: 'head' },
  biases: { step: { uniform: [-6.9, -2.3] } }, // Δ from 0.001 to 0.1, evenly in its logarithm
  convolved: {
    value: { activation: silu, bias: true }, write: { activation: silu, bias: true },
    read: { activation: silu, bias: true },
  },
  params: { rate: ['head', { uniform: [0, Math.log(16)] }], skip: ['head', 1] },
  head({ x, param }) {
    const step = softplus(x.step)
    return { decay: exp(step.mul(exp(param.rate)).neg()), step, skip: param.skip }
  },
  key: ({ x }) => ({ query: x.read, key: x.write }),
  value: ({ x, head }) => x.value.mul(head.step),
  output: ({ x, y, head }) => y.add(head.skip.mul(x.value)).mul(silu(x.gate)),
})
