import { exp, max, min, select, sigmoid, softplus, tanh } from '@recurra/formula'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/**
 * The LSTM with exponential input gates and a normalizer of xLSTM (Beck et al. 2024). With `heads`, its recurrent
 * weights are block-diagonal, as in the paper: each head sees only its own units. Gates i f z o: i an exponential, f
 * and o sigmoids, z tanh. [batch, time, features] -> [batch, time, size].
 *
 * $$ c' = f \odot c + e^i \odot z \qquad n' = f \odot n + e^i \qquad h' = o \odot c' / n' $$
 *
 * c and n are kept divided by the largest input gate so far, whose logarithm is the slot m: so the exponential cannot
 * overflow.
 *
 * ```ts
 * import { dense, sequential, sLstm } from 'recurra'
 *
 * const model = sequential(4, [sLstm(16, { heads: 4, gateBias: { f: 3 } }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, the heads do not divide it, or an option is
 * unknown.
 */
export const sLstm: Cell<'h' | 'c' | 'n' | 'm', 'i' | 'f' | 'z' | 'o'> = cell(
  'sLstm',
  { gates: ['i', 'f', 'z', 'o'], state: ['h', 'c', 'n', 'm'], heads: true },
  ({ gate, prev }) => {
    const kept = softplus(gate.f.neg()).neg().add(prev.m)
    const m = select(prev.n, max(kept, gate.i), gate.i) // at the first step there is nothing to keep
    const [i, f] = [exp(gate.i.sub(m)), exp(min(0, kept.sub(m)))]
    const c = f.mul(prev.c).add(i.mul(tanh(gate.z)))
    const n = f.mul(prev.n).add(i)
    return { h: sigmoid(gate.o).mul(c).div(n), c, n, m }
  },
)
