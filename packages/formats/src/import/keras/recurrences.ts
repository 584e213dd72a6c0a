import type { Blueprint } from '@recurra/layers'
import { gru, gruResetBefore, lstm, rnn, type RecurrentOptions } from '@recurra/rnn'
import { unclear } from '../module.ts'
import { gateFunctionIn } from './activations.ts'
import type { Attributes, Writer } from './attributes.ts'
import { classNames } from './class-names.ts'
import { layerIn, type WeightGroup } from './keras-layer.ts'

/** A recurrence in one direction or the other. */
export interface Recurrence {
  readonly units: number
  readonly make: (direction?: Pick<RecurrentOptions, 'reverse'>) => Blueprint
  readonly weights: WeightGroup
}

/** Makes a recurrence from the attributes of a cell, or of a layer, which has them all. */
type ReadCell = (attributes: Attributes) => Omit<Recurrence, 'weights'> & { readonly bias: boolean }

const gatesIn = (attributes: Attributes): { readonly activation: 'tanh'; readonly recurrentActivation: 'sigmoid' } => ({
  activation: gateFunctionIn(attributes, 'activation', 'tanh') as 'tanh',
  recurrentActivation: gateFunctionIn(attributes, 'recurrent_activation', gatesOf(attributes.writer)) as 'sigmoid',
})

/** The default of the program; it changed within Keras 2, which writes it always. */
const gatesOf = ({ program, major }: Writer): string =>
  program === 'TensorFlow.js' ? 'hard_sigmoid' : major < 3 ? 'unknown' : 'sigmoid'

const commonIn = (attributes: Attributes): { readonly units: number; readonly bias: boolean } => {
  for (const rate of ['dropout', 'recurrent_dropout']) attributes.trainingRate(rate)
  attributes.take('dropout_func')
  return { units: attributes.count('units'), bias: attributes.flag('use_bias', true) }
}

/** A maker with options that a cell of any kind takes. */
type Make = (units: number, options: object) => unknown

const cells: { readonly [type: string]: ReadCell } = {
  LSTM(attributes) {
    const { units, bias } = commonIn(attributes)
    const given = { ...gatesIn(attributes), biases: bias ? 1 : 0 } as const
    return { units, bias, make: (direction) => lstm(units, { ...given, ...direction }) as Blueprint }
  },
  GRU(attributes) {
    const { units, bias } = commonIn(attributes)
    const after = attributes.flag('reset_after', attributes.writer.major >= 3)
    const given = { ...gatesIn(attributes), biases: bias ? (after ? 2 : 1) : 0 } as const
    const make = (after ? gru : gruResetBefore) as Make
    return { units, bias, make: (direction) => make(units, { ...given, ...direction }) as Blueprint }
  },
  SimpleRNN(attributes) {
    const { units, bias } = commonIn(attributes)
    const f = gateFunctionIn(attributes, 'activation', 'tanh')
    const given = { ...(f !== 'tanh' && { activation: f }), biases: bias ? 1 : 0 } as const
    return { units, bias, make: (direction) => rnn(units, { ...given, ...direction }) as Blueprint }
  },
}

const recurrenceOf = (attributes: Attributes, read: ReadCell, path: string): Recurrence => {
  const { bias, ...recurrence } = read(attributes)
  const names = ['kernel', 'recurrent_kernel', ...(bias ? ['bias'] : [])]
  return { ...recurrence, weights: { path, under: '', names } }
}

/** The recurrences of a layer: one, or those of stacked cells, the first of which reads the input. */
export const recurrencesIn = (type: string, attributes: Attributes): Recurrence[] => {
  if (type !== 'RNN') return [recurrenceOf(attributes, cells[type]!, 'cell')]
  const cell = layerIn(attributes.take('cell'), attributes.where)
  attributes.leaveOut(cell.config) // TensorFlow.js has them twice
  const inner = attributes.inside(`${attributes.where}, ${cell.name}`, cell.config)
  if (cell.type !== 'StackedRNNCells') return [cellOf(cell.type, inner, 'cell')]
  const all = inner.take('cells')
  if (!Array.isArray(all) || all.length === 0) throw inner.fault('cells', 'a list of cells', all)
  inner.only('reverse_state_order', false)
  inner.done()
  const stacked = all.map((one) => layerIn(one, inner.where))
  const places = classNames(stacked.map((one) => one.type))
  return stacked.map(({ type: kind, name, config }, i) =>
    cellOf(kind, attributes.inside(`${inner.where}, ${name}`, config), `cell/cells/${places[i]}`))
}

const cellOf = (type: string, attributes: Attributes, path: string): Recurrence => {
  const layer = type.replace(/Cell$/, '')
  if (!type.endsWith('Cell') || !Object.hasOwn(cells, layer))
    throw unclear(attributes.where, 'a cell: LSTMCell, GRUCell, SimpleRNNCell or StackedRNNCells of them', type)
  const recurrence = recurrenceOf(attributes, cells[layer]!, path)
  attributes.done()
  return recurrence
}

/** The classes of recurrent layers. */
export const recurrentTypes: readonly string[] = ['RNN', ...Object.keys(cells)]
