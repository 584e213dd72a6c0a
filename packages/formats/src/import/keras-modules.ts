import { dense, embedding, layerNorm, type Blueprint, type Sequence } from '@recurra/layers'
import { bidirectional, gru, gruResetBefore, lstm, rnn, rnnRelu, type RecurrentOptions } from '@recurra/rnn'
import type { NamedTensors } from '../parameters/load-parameters.ts'
import { described, grouped, isExactly, unclear, type Hints, type Module } from './module.ts'

/** The name of a weight in our layout, from its path in Keras: "bidirectional/forward_lstm/lstm_cell/kernel:0" is "bidirectional/forward/kernel". */
export const plainKerasName = (path: string): string => {
  const parts = path.replace(/:0$/, '').split('/').filter((part) => !/_cell(_\d+)?$/.test(part)).map((part) => /^(forward|backward)_/.exec(part)?.[1] ?? part)
  return (parts.length > 1 ? parts : ['0', ...parts]).join('/')
}

/** What the weights of Keras mean, layer by layer in the order of the file; their names are plain ones. */
export const kerasModules = (tensors: NamedTensors, hints: Hints): Module[][] =>
  [...grouped(tensors, (name) => {
    const [, layer, part] = /^(.*?)\/((?:(?:forward|backward)\/)?[^/]*)$/.exec(name)!
    return [layer!, part!]
  })].map(([name, parts]) => [{ name, parts, ...meaningOf(name, parts, hints) }])

const meaningOf = (name: string, parts: NamedTensors, hints: Hints): Omit<Module, 'name' | 'parts'> => {
  const halves = ['forward', 'backward'].map((direction) => new Map([...parts].filter(([part]) => part.startsWith(`${direction}/`)).map(([part, tensor]) => [part.slice(direction.length + 1), tensor])))
  if (halves[0]!.size > 0) {
    const [ahead, back] = halves.map((half) => recurrent(name, half, hints)) as [Recurrent, Recurrent]
    if (halves[0]!.size + halves[1]!.size !== parts.size || described(halves[0]!) !== described(halves[1]!)) throw unclear(name, 'two directions that are alike', described(parts))
    return { takes: ahead.takes, gives: ahead.units + back.units, blueprint: bidirectional((direction) => ahead.make(direction) as Blueprint<Sequence, Sequence>) as Blueprint }
  }
  if (parts.has('recurrent_kernel')) {
    const { takes, units, make } = recurrent(name, parts, hints)
    return { takes, gives: units, blueprint: make() }
  }
  const [takes = 0, gives = 0] = (parts.get('kernel') ?? parts.get('embeddings'))?.shape ?? []
  const [size = 0] = parts.get('gamma')?.shape ?? []
  if (isExactly(parts, { kernel: [takes, gives], bias: [gives] })) return { takes, gives, blueprint: dense(gives) }
  if (isExactly(parts, { kernel: [takes, gives] })) return { takes, gives, blueprint: dense(gives, { bias: false }) }
  if (isExactly(parts, { embeddings: [takes, gives] })) return { takes, gives, blueprint: embedding(gives) }
  if (isExactly(parts, { gamma: [size], beta: [size] })) return { takes: size, gives: size, blueprint: layerNorm({ epsilon: 1e-3 }) } // as Keras has it by default
  throw unclear(name, 'layers of the kinds SimpleRNN, LSTM, GRU, Bidirectional, Embedding, Dense and LayerNormalization', described(parts))
}

interface Recurrent {
  readonly takes: number
  readonly units: number
  readonly make: (options?: RecurrentOptions) => Blueprint
}

const recurrent = (name: string, parts: NamedTensors, { relu }: Hints): Recurrent => {
  const [takes = 0, width = 0] = parts.get('kernel')?.shape ?? []
  const [units = 0] = parts.get('recurrent_kernel')?.shape ?? []
  const bias = parts.get('bias')?.shape
  const gates = width / units
  const biases = bias ? (gates === 3 && bias.length === 2 ? 2 : 1) : 0
  const cell = { 1: relu ? rnnRelu : rnn, 3: biases === 2 ? gru : gruResetBefore, 4: lstm }[gates]
  const wanted = { kernel: [takes, width], recurrent_kernel: [units, width], ...(bias && { bias: biases === 2 ? [2, width] : [width] }) }
  if (!cell || !isExactly(parts, wanted)) throw unclear(name, 'the weights of a SimpleRNN, LSTM or GRU', described(parts))
  if (gates === 3 && !bias) throw unclear(name, 'a GRU with biases, which tell whether the reset comes before or after the product', 'one without')
  return { takes, units, make: (options = {}) => cell(units, { ...options, biases }) as Blueprint }
}
