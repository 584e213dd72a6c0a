import { relu, tanh } from '@recurra/formula'
import { cell, type Cell } from '../cell.ts'

/** h' = tanh(x·W + h·U + b), the vanilla RNN. */
export const rnn: Cell<'h', 'a'> = cell('rnn', { gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: tanh(gate.a) }))

/** h' = max(0, x·W + h·U + b) */
export const rnnRelu: Cell<'h', 'a'> = cell('rnnRelu', { gates: ['a'], state: ['h'] }, ({ gate }) => ({ h: relu(gate.a) }))
