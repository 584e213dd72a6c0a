import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000): c' = f⊙c + i⊙g,
 * h' = o⊙tanh(c'). Gates i f g o, as in PyTorch: sigmoids, and tanh for g. [batch, time, features] -> [batch, time,
 * size]. `recurrentActivation` replaces the sigmoid and `activation` replaces tanh, as in Keras; older models of Keras
 * and TensorFlow.js use `{ recurrentActivation: 'hardSigmoidKeras2' }`. With `projection`, h is projected to that size.
 *
 * ```ts
 * import { dense, lstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [lstm(16, { gateBias: { f: 1 } }), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const lstm: Cell<'h' | 'c', 'i' | 'f' | 'g' | 'o', 'activation' | 'recurrentActivation'> = cell(
  'lstm',
  {
    gates: ['i', 'f', 'g', 'o'], state: ['h', 'c'],
    activations: { activation: 'tanh', recurrentActivation: 'sigmoid' },
  },
  ({ gate, prev, activations: { activation: tanh, recurrentActivation: sigmoid } }) => {
    const [i, f, g, o] = [sigmoid(gate.i), sigmoid(gate.f), tanh(gate.g), sigmoid(gate.o)]
    const c = f.mul(prev.c).add(i.mul(g))
    return { h: o.mul(tanh(c)), c }
  },
)

/**
 * LSTM whose gates read the cell state (Gers and Schmidhuber 2000): i and f the old one, o the new one, each with a
 * learned weight per unit, `peepI`, `peepF`, `peepO` [size]. [batch, time, features] -> [batch, time, size].
 *
 * ```ts
 * import { dense, peepholeLstm, sequential } from 'recurra'
 *
 * const model = sequential(4, [peepholeLstm(16), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const peepholeLstm: Cell<'h' | 'c', 'i' | 'f' | 'g' | 'o', 'activation' | 'recurrentActivation'> = cell(
  'peepholeLstm',
  {
    gates: ['i', 'f', 'g', 'o'], state: ['h', 'c'], params: ['peepI', 'peepF', 'peepO'],
    activations: { activation: 'tanh', recurrentActivation: 'sigmoid' },
  },
  ({ gate, prev, param, activations: { activation: tanh, recurrentActivation: sigmoid } }) => {
    const i = sigmoid(gate.i.add(param.peepI.mul(prev.c)))
    const f = sigmoid(gate.f.add(param.peepF.mul(prev.c)))
    const c = f.mul(prev.c).add(i.mul(tanh(gate.g)))
    const o = sigmoid(gate.o.add(param.peepO.mul(c)))
    return { h: o.mul(tanh(c)), c }
  },
)
