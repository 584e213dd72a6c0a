import { abs, max, sigmoid, softplus, type Expression } from '@recurra/formula'
import type { Blueprint, Sequence, Variable } from '@recurra/layers/authoring'
import { option, options } from '@recurra/tensor'
import { layerNormalized } from './head-formulas.ts'
import { uncheckedRecurrence, type MatrixRecurrence } from './matrix-recurrence.ts'
import { recurrenceKinds, type MatrixRecurrenceOptions } from './recurrence-options.ts'

/** Options of `mLstm`, as plain data. */
export interface MLstmOptions extends MatrixRecurrenceOptions {
  /**
   * Whether to normalize what is read of each head, as a layer norm over its columns with a learned `scale` [size], as
   * the authors' blocks do. Default: false.
   */
  readonly norm?: boolean
}

interface Read {
  readonly y: Expression
  readonly norm: Expression
  readonly head: { readonly floor: Expression }
}
const readOf = ({ y, norm, head }: Read): Expression => y.div(max(abs(norm), head.floor).add(1e-6))

const common = {
  projections: { query: 'key', key: 'key', value: 'value', input: 'head', forget: 'head', output: 'value' },
  biases: { query: 0, key: 0, value: 0, input: 0, forget: { uniform: [3, 6] }, output: 0 },
  normalized: true,
  stabilized: ({ x }: Named<'forget' | 'input'>) =>
    ({ logDecay: softplus(x.forget.neg()).neg(), logInput: x.input }),
  key: ({ x, head, keys }: Named<'query' | 'key'> & { readonly head: Head; readonly keys: number }) =>
    ({ query: x.query, key: x.key.mul(head.input).div(Math.sqrt(keys)) }),
  value: ({ x }: Named<'value'>) => x.value,
} as const
interface Named<N extends string> { readonly x: { readonly [name in N]: Expression } }
interface Head { readonly input: Expression }

const plain: MatrixRecurrence<'S' | 'm'> = /* @__PURE__ */ uncheckedRecurrence('mLstm', {
  ...common, output: (scope) => sigmoid(scope.x.output).mul(readOf(scope)),
})
const normed: MatrixRecurrence<'S' | 'm'> = /* @__PURE__ */ uncheckedRecurrence('mLstm', {
  ...common,
  params: { scale: ['headValue', 1] },
  output: (scope) =>
    sigmoid(scope.x.output).mul(scope.param.scale).mul(layerNormalized(readOf(scope), 1e-5)),
})

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
 * With `norm`, what is read of each head is normalized before the output gate, as in the blocks of the paper.
 *
 * ```ts
 * import { dense, mLstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [mLstm(16, { heads: 2 }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if a size is not a positive integer, the heads do not divide the size, or an option is
 * unknown or invalid.
 */
export const mLstm = <const F extends number>(
  size: F, given: MLstmOptions = {},
): Blueprint<Sequence, Sequence<F>, { readonly [slot in 'S' | 'm']: Variable }> => {
  const { norm, ...others } = options('mLstm', given, { ...recurrenceKinds, norm: option.flag() })
  const own = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined))
  const blueprint = (norm ? normed : plain)(size, own)
  return norm === undefined ? blueprint : { ...blueprint, options: { ...blueprint.options, norm } }
}
