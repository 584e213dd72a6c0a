import { sigmoid, tanh } from '@recurra/formula'
import { uncheckedCell as cell, type Cell } from '../unchecked-cell.ts'

/**
 * The LSTM of brain.js, which has no cell state of its own: c = f⊙h + i⊙g, h' = o⊙tanh(c), so that each step squashes
 * what it keeps. Gates i f g o. [batch, time, features] -> [batch, time, size]. For models that brain.js trained
 * (`importModel`); a new model is better off with `lstm`.
 *
 * ```ts
 * import { brainLstm, dense, sequential } from 'recurra'
 *
 * const model = sequential(4, [brainLstm(16), dense(2)])
 * console.log(model.stream().step([1, 0, 0, 0]).shape) // [1, 2]
 * ```
 * @function
 * @throws `ConfigurationError` if the size is not a positive integer, or an option is unknown.
 */
export const brainLstm: Cell<'h', 'i' | 'f' | 'g' | 'o'> = cell(
  'brainLstm',
  { gates: ['i', 'f', 'g', 'o'], state: ['h'] },
  ({ gate, prev }) => {
    const kept = sigmoid(gate.f).mul(prev.h).add(sigmoid(gate.i).mul(tanh(gate.g)))
    return { h: sigmoid(gate.o).mul(tanh(kept)) }
  },
)
