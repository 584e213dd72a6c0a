import { exp, sigmoid, tanh, type Expression } from '@recurra/formula'
import type { Blueprint, Sequence, Variable } from '@recurra/layers/authoring'
import { directionOf, layerNormalized } from './head-formulas.ts'
import { uncheckedRecurrence, type MatrixRecurrence } from './matrix-recurrence.ts'
import type { MatrixRecurrenceOptions } from './recurrence-options.ts'
import type { KeyFormulas } from './recurrence-spec.ts'

type Named<N extends string> = { readonly [name in N]: Expression }
interface KeyScope {
  readonly x: Named<'receptance' | 'key' | 'decay' | 'rate'>
  readonly param: Named<'removal' | 'replacement' | 'bonus'>
  readonly keys: number
}
interface OutputScope {
  readonly x: Named<'gate'>
  readonly y: Expression
  readonly value: Expression
  readonly score: Expression
  readonly param: Named<'scale' | 'shift'>
}

const projections = {
  receptance: 'key', key: 'key', value: 'value', decay: 'key', rate: 'key', gate: 'value',
} as const
const biases = { decay: { uniform: [-6.5, -0.5] }, rate: 0 } as const
const lowRank = { decay: { activation: tanh }, rate: {}, gate: { activation: sigmoid, otherwise: sigmoid } } as const
const common = {
  shifted: true,
  params: {
    removal: ['headKey', 0.85], replacement: ['headKey', 1], bonus: ['headKey', 0],
    scale: ['headValue', 1], shift: ['headValue', 0],
  },
  key({ x, param, keys }: KeyScope): KeyFormulas {
    const rate = sigmoid(x.rate)
    const removed = directionOf(x.key.mul(param.removal), keys)
    const key = x.key.mul(rate.sub(1).mul(param.replacement).add(1))
    return {
      query: x.receptance, key, decay: exp(sigmoid(x.decay).mul(-Math.exp(-0.5))),
      read: removed.neg(), write: removed.mul(rate), score: x.receptance.mul(param.bonus).mul(key),
    }
  },
  output: ({ x, y, value, param, score }: OutputScope): Expression =>
    layerNormalized(y, 64e-5).mul(param.scale).add(param.shift).add(score.mul(value)).mul(x.gate),
} as const

const giving: MatrixRecurrence<'S' | 'x'> = /* @__PURE__ */ uncheckedRecurrence('rwkv7', {
  ...common, projections, biases, lowRank, values: 'give', value: ({ x }) => x.value,
})
const reading: MatrixRecurrence<'S' | 'x'> = /* @__PURE__ */ uncheckedRecurrence('rwkv7', {
  ...common,
  projections: { ...projections, first: 'value' },
  biases: { ...biases, first: 0 },
  lowRank: { ...lowRank, first: {} },
  mixedAs: { first: 'value' },
  values: 'read',
  value: ({ x, earlier }) => x.value.add(earlier.sub(x.value).mul(sigmoid(x.first))),
})

/**
 * The time mix of RWKV-7 (Peng et al. 2025): each row of the state has a decay w of its own, and each step
 * removes what lies under one direction, κ̂, before it writes under k̃. [batch, time, features] -> [batch, time, size].
 *
 * $$ S_t = \operatorname{Diag}(w_t) S_{t-1} - (a_t \odot \hat\kappa_t)(\hat\kappa_t^\top S_{t-1})
 * + \tilde k_t v_t^\top \qquad
 * y_t = g_t \odot (\operatorname{groupNorm}(S_t^\top r_t) + (r_t \cdot \rho \odot \tilde k_t)\, v_t) $$
 *
 * with w = exp(-e^(-1/2) σ(d)), κ̂ the direction of k ⊙ ξ in each head, and k̃ = k ⊙ (1 + (a - 1) ⊙ α). Receptance
 * r, k, v, d, a = σ(·) and g each read a mix of their own of the input and the one before, x_t + (x_{t-1} - x_t) ⊙ μ.
 * As in the paper, `ranks` makes d, a and g low-rank networks: d = tanh(x·D)·U + b, a = σ(x·D·U + b) and g = σ(x·D)·U.
 * Otherwise each is a product with one matrix, and g is its σ. With `ranks: { first: … }`, as later layers of the paper
 * have it, v moves towards the v of the first `rwkv7` of the model: v + (v₁ - v) ⊙ σ(x·D·U + b), of the mix of v. 10⁻⁶
 * is added to the square of the length that κ̂ is divided by.
 *
 * The state is `S` [batch, heads, keys, size / heads], and `x` [batch, features], the input before. The paper's block
 * ends with a product, and its other half is `rwkv7ChannelMix`.
 *
 * ```ts
 * import { dense, layerNorm, residual, rwkv7, rwkv7ChannelMix, sequential } from 'recurra'
 *
 * const model = sequential(8, [
 *   residual([layerNorm(), rwkv7(16, { heads: 2 }), dense(8)]), residual([layerNorm(), rwkv7ChannelMix()]),
 * ])
 * console.log(model.stream().step([1, 0, 0, 0, 0, 0, 0, 0]).shape) // [1, 8]
 * ```
 * @throws `ConfigurationError` if a size is not a positive integer, the heads do not divide the size, or an option is
 * unknown or invalid.
 */
export const rwkv7 = <const F extends number>(
  size: F, given: MatrixRecurrenceOptions = {},
): Blueprint<Sequence, Sequence<F>, { readonly [slot in 'S' | 'x']: Variable }> =>
  (given?.ranks?.['first'] === undefined ? giving : reading)(size, given) // which checks what is given
