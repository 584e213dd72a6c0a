import { sigmoid, tanh } from '@recurra/formula'
import { cell, type Cell } from '../cell.ts'

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000): c' = f⊙c + i⊙g,
 * h' = o⊙tanh(c'). Gates i f g o, as PyTorch: sigmoids, and tanh for g. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(16, { gateBias: { f: 1 } }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if the size is no whole number of at least 1, or an option is not known.
 */
export const lstm: Cell<'h' | 'c', 'i' | 'f' | 'g' | 'o'> = cell('lstm', { gates: ['i', 'f', 'g', 'o'], state: ['h', 'c'] }, ({ gate, prev }) => {
  const c = sigmoid(gate.f).mul(prev.c).add(sigmoid(gate.i).mul(tanh(gate.g)))
  return { h: sigmoid(gate.o).mul(tanh(c)), c }
})

/**
 * LSTM whose gates see the cell state (Gers and Schmidhuber 2000): i and f the old one, o the new one, each through a
 * learned number per unit, `peepI`, `peepF`, `peepO` [size]. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, peepholeLstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [peepholeLstm(16), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @throws `ConfigurationError` if the size is no whole number of at least 1, or an option is not known.
 */
export const peepholeLstm: Cell<'h' | 'c', 'i' | 'f' | 'g' | 'o'> = cell(
  'peepholeLstm',
  { gates: ['i', 'f', 'g', 'o'], state: ['h', 'c'], params: ['peepI', 'peepF', 'peepO'] },
  ({ gate, prev, param }) => {
    const i = sigmoid(gate.i.add(param.peepI.mul(prev.c)))
    const f = sigmoid(gate.f.add(param.peepF.mul(prev.c)))
    const c = f.mul(prev.c).add(i.mul(tanh(gate.g)))
    return { h: sigmoid(gate.o.add(param.peepO.mul(c))).mul(tanh(c)), c }
  },
)
