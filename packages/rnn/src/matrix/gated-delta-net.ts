import { exp, sigmoid, softplus } from '@recurra/formula'
import { directionOf, rmsNormalized, silu } from './head-formulas.ts'
import { uncheckedRecurrence, type MatrixRecurrence } from './matrix-recurrence.ts'

/**
 * Gated DeltaNet (Yang et al. 2025): each step first decays the state, then replaces what it holds under the key by the
 * value, as far as β says. [batch, time, features] -> [batch, time, size].
 *
 * $$ S_t = \alpha_t (I - \beta_t k_t k_t^\top) S_{t-1} + \beta_t k_t v_t^\top \qquad
 * y_t = \operatorname{silu}(x_t W_g) \odot \operatorname{rmsNorm}(S_t^\top q_t / \sqrt{d}) $$
 *
 * with α = exp(-exp(a) softplus(x·W + b)), β a sigmoid, and q and k of length 1. The state is `S` [batch, heads, keys,
 * size / heads]. As in the paper, `convolution: 4` convolves q, k and v in time before silu; the last inputs of these
 * convolutions are then the slots `query`, `key` and `value` of the state. The block ends with a product:
 * `[gatedDeltaNet(64, { convolution: 4 }), dense(64, { bias: false })]`.
 *
 * ```ts
 * import { dense, gatedDeltaNet, sequential } from 'recurra'
 *
 * const model = sequential(4, [gatedDeltaNet(16, { heads: 2 }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if a size is not a positive integer, the heads do not divide the size, or an option is
 * unknown or invalid.
 */
export const gatedDeltaNet: MatrixRecurrence = /* @__PURE__ */ uncheckedRecurrence('gatedDeltaNet', {
  projections: { query: 'key', key: 'key', value: 'value', decay: 'head', strength: 'head', gate: 'value' },
  biases: { decay: { uniform: [-6.9, -2.3] } },
  convolved: { query: {}, key: {}, value: {} },
  params: { rate: ['head', { uniform: [0, Math.log(16)] }], scale: ['value', 1] },
  head: ({ x, param }) => ({
    decay: exp(softplus(x.decay).mul(exp(param.rate)).neg()), strength: sigmoid(x.strength),
  }),
  key({ x, head, keys }) {
    const key = directionOf(silu(x.key), keys)
    return {
      query: directionOf(silu(x.query), keys).div(Math.sqrt(keys)), key,
      read: key.mul(head.strength).mul(head.decay).neg(),
    }
  },
  value: ({ x, head }) => silu(x.value).mul(head.strength),
  output: ({ x, y, param }) => rmsNormalized(y).mul(param.scale).mul(silu(x.gate)),
})
