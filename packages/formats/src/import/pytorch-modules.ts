import { dense, embedding, layerNorm, stack, type Blueprint, type Sequence } from '@recurra/layers'
import { bidirectional, gru, lstm, rnn, rnnRelu, type RecurrentOptions } from '@recurra/rnn'
import type { NamedTensors } from '../parameters/load-parameters.ts'
import { described, grouped, isExactly, unclear, type Hints, type Module } from './module.ts'

/** The name of a tensor with that of its module before it, also where the module is all there is. */
export const plainPytorchName = (name: string): string => (name.includes('.') ? name : `0.${name}`)

/**
 * What a state dict may mean: for each of its modules, in their order, all that its tensors allow. A matrix alone is an
 * embedding or a linear layer without bias.
 */
export const pytorchModules = (tensors: NamedTensors, hints: Hints): Module[][] =>
  [...grouped(tensors, (name) => {
    const dot = name.lastIndexOf('.')
    return [name.slice(0, dot), name.slice(dot + 1)]
  })].map(([name, parts]) => (parts.has('weight_ih_l0') ? [recurrentModule(name, parts, hints)] : plainModules(name, parts)).map((module) => ({ name, parts, ...module })))

type Meaning = Omit<Module, 'name' | 'parts'>

const plainModules = (name: string, parts: NamedTensors): Meaning[] => {
  const [rows = 0, columns] = parts.get('weight')?.shape ?? []
  if (columns === undefined && isExactly(parts, { weight: [rows], bias: [rows] })) return [{ takes: rows, gives: rows, blueprint: layerNorm() }]
  if (columns !== undefined && isExactly(parts, { weight: [rows, columns], bias: [rows] })) return [{ takes: columns, gives: rows, blueprint: dense(rows) }]
  if (columns !== undefined && isExactly(parts, { weight: [rows, columns] }))
    return [{ takes: rows, gives: columns, blueprint: embedding(columns) }, { takes: columns, gives: rows, blueprint: dense(rows, { bias: false }) }]
  throw unclear(name, 'modules of the kinds RNN, LSTM, GRU, Embedding, Linear and LayerNorm', described(parts))
}

const recurrentModule = (name: string, parts: NamedTensors, { relu }: Hints): Meaning => {
  const [width, features] = parts.get('weight_ih_l0')!.shape as [number, number]
  const units = parts.get('weight_hh_l0')?.shape[1] ?? 0
  const cell = { 1: relu ? rnnRelu : rnn, 3: gru, 4: lstm }[width / units]
  const both = parts.has('weight_ih_l0_reverse')
  const biases = parts.has('bias_ih_l0') ? 2 : 0
  const layers = [...parts.keys()].filter((part) => /^weight_ih_l\d+$/.test(part)).length
  const wanted = Object.fromEntries(Array.from({ length: layers }, (_, l) => (both ? ['', '_reverse'] : ['']).map((direction) => {
    const called = (part: string): string => `${part}_l${l}${direction}`
    const takes = l === 0 ? features : units * (both ? 2 : 1)
    return [
      [called('weight_ih'), [width, takes]], [called('weight_hh'), [width, units]],
      ...(biases ? [[called('bias_ih'), [width]], [called('bias_hh'), [width]]] : []),
    ]
  })).flat(2) as [string, number[]][])
  if (!cell || !isExactly(parts, wanted)) throw unclear(name, 'the tensors of an RNN, LSTM or GRU without projection, of every layer', described(parts))
  const one = (options: RecurrentOptions = {}): Blueprint => cell(units, biases ? options : { ...options, biases }) as Blueprint
  const blueprint = both ? (bidirectional((direction) => one(direction) as Blueprint<Sequence, Sequence>) as Blueprint) : one()
  return { takes: features, gives: units * (both ? 2 : 1), blueprint: layers > 1 ? stack(layers, blueprint) : blueprint }
}
