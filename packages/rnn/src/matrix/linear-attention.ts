import { column, constant, exp, softplus, type Expression } from '@recurra/formula'
import type { Blueprint, Sequence, Variable } from '@recurra/layers/authoring'
import { ConfigurationError, option, options } from '@recurra/tensor'
import { rmsNormalized, silu } from './head-formulas.ts'
import { uncheckedRecurrence, type MatrixRecurrence } from './matrix-recurrence.ts'
import { recurrenceKinds, type MatrixRecurrenceOptions } from './recurrence-options.ts'
import type { Per } from './recurrence-spec.ts'

/** Options of linear attention, as plain data. */
export interface LinearAttentionOptions extends MatrixRecurrenceOptions {
  /**
   * What decays the state at each step: `'key'` a learned gate per row of the matrix (GLA), `'head'` a learned one per
   * head, `'fixed'` the constant 1 - 2^(-5 - h) of head h (RetNet), `'none'` nothing. Default: `'key'`.
   */
  readonly decay?: 'key' | 'head' | 'fixed' | 'none'
  /**
   * `'rotary'`: rotary position embedding of queries and keys, as RetNet's (Su et al. 2021, with halves as pairs, base
   * 10,000). Only the distance of two steps counts, so the state turns instead of them, and a stream has no end. Not
   * with a decay per key, and `keys` must be even. Default: 'none'.
   */
  readonly positions?: 'none' | 'rotary'
}

/** σ(x)^(1/16), as in GLA: most of a state is kept when training starts. */
const gate = (x: Expression): Expression => exp(softplus(x.neg()).div(-16))

const projections = { query: 'key', key: 'key', value: 'value', gate: 'value' } as const satisfies { [x: string]: Per }
interface Read {
  readonly x: { readonly [name in 'query' | 'key' | 'value' | 'gate']: Expression }
  readonly param: { readonly scale: Expression }
  readonly keys: number
  readonly y: Expression
}
const common = {
  convolved: { query: { activation: silu }, key: { activation: silu }, value: { activation: silu } },
  params: { scale: ['value', 1] },
  key: ({ x, keys }: Pick<Read, 'x' | 'keys'>) => ({ query: x.query.div(Math.sqrt(keys)), key: x.key }),
  value: ({ x }: Pick<Read, 'x'>) => x.value,
  output: ({ y, x, param }: Pick<Read, 'x' | 'y' | 'param'>) => rmsNormalized(y).mul(param.scale).mul(silu(x.gate)),
} as const

const type = 'linearAttention'
const perHead = { ...projections, decay: 'head' } as const
const perRow = /* @__PURE__ */ uncheckedRecurrence(type, {
  ...common,
  projections: { ...projections, decay: 'key' },
  biases: { decay: 0 },
  lowRank: { decay: {} },
  key: ({ x, keys }) => ({ ...common.key({ x, keys }), decay: gate(x.decay) }),
})
type PerHead = Exclude<NonNullable<LinearAttentionOptions['decay']>, 'key'>
const makers = (rotary: boolean): { readonly [decay in PerHead]: MatrixRecurrence } => ({
  head: uncheckedRecurrence(type, {
    ...common, rotary, projections: perHead, biases: { decay: 0 }, head: ({ x }) => ({ decay: gate(x.decay) }),
  }),
  fixed: uncheckedRecurrence(type, {
    ...common, rotary, projections, head: () => ({ decay: constant(1).sub(exp(column.add(5).mul(-Math.LN2))) }),
  }),
  none: uncheckedRecurrence(type, { ...common, rotary, projections, head: () => ({ decay: constant(1) }) }),
})
const perMatrix = { none: /* @__PURE__ */ makers(false), rotary: /* @__PURE__ */ makers(true) }

/**
 * Linear attention with a decay: for each head, the state is a matrix to which each step adds the product of a key and
 * a value, and which a query reads (Katharopoulos et al. 2020). With a learned decay per row it is gated linear
 * attention (Yang et al. 2024), with a fixed one per head and rotary positions retention (Sun et al. 2023).
 * [batch, time, features] -> [batch, time, size].
 *
 * $$ S_t = \operatorname{Diag}(\alpha_t) S_{t-1} + k_t v_t^\top \qquad
 * y_t = \operatorname{silu}(x_t W_g) \odot \operatorname{rmsNorm}(S_t^\top q_t / \sqrt{d}) $$
 *
 * The state is `S` [batch, heads, keys, size / heads]. With `convolution`, query, key and value are the silu of a
 * convolution in time, whose last inputs are the slots `query`, `key` and `value`. The paper's block ends with a
 * product: `[linearAttention(64), dense(64)]`.
 *
 * ```ts
 * import { dense, linearAttention, sequential } from 'recurra'
 *
 * const model = sequential(4, [linearAttention(16, { heads: 2, decay: 'head' }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if a size is not a positive integer, the heads do not divide the size, an option is
 * unknown or invalid, or rotary positions meet a decay per key or an odd number of keys.
 */
export const linearAttention = <const F extends number>(
  size: F, given: LinearAttentionOptions = {},
): Blueprint<Sequence, Sequence<F>, Readonly<Record<'S', Variable>>> => {
  const { decay, positions, ...others } = options(type, given, {
    ...recurrenceKinds, decay: option.oneOf('key', 'head', 'fixed', 'none')('key'),
    positions: option.oneOf('none', 'rotary')('none'),
  })
  if (decay === 'key' && positions === 'rotary')
    throw new ConfigurationError({
      where: type, expected: 'a decay per head with rotary positions, as the rows that turn together decay alike',
      got: "decay: 'key'", fix: "Pass decay: 'fixed', as RetNet, 'head' or 'none'.",
    })
  const own = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
  const blueprint = (decay === 'key' ? perRow : perMatrix[positions][decay])(size, own)
  return { ...blueprint, options: { ...blueprint.options, decay, ...(positions !== 'none' && { positions }) } }
}
