import { kerasLayers } from '../layers/layer-formats.ts'
import type { NamedTensors } from '../parameters/named-tensors.ts'
import { described, grouped, unclear, type Hints, type Meaning, type Module } from './module.ts'

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
  })].map(([name, parts]) => {
    const recognize = (some: NamedTensors): Meaning[] => Object.values(kerasLayers).flatMap((layer) => layer.recognize?.(some, hints, recognize) ?? [])
    const all = recognize(parts)
    if (all.length > 0) return all.map(({ make, ...sizes }) => ({ name, parts, ...sizes, blueprint: make() }))
    if (parts.has('recurrent_kernel')) throw unclear(name, 'the weights of a SimpleRNN, LSTM or GRU', described(parts))
    throw unclear(name, 'layers of the kinds SimpleRNN, LSTM, GRU, Bidirectional, Embedding, Dense and LayerNormalization', described(parts))
  })
