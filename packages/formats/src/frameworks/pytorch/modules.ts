import type { NamedTensors } from '@recurra/tensor'
import { layerFormats } from '../../layers/layer-formats.ts'
import { isOfRecurrent } from './recurrent.ts'
import { grouped, renamed } from '../../named-tensors.ts'
import { plainTensors } from './plain-tensors.ts'
import { described, unclear, type Hints, type Module } from '../../import/module.ts'

/** The name of a tensor with the name of its module before it, even if there is only one module. */
const plainName = (name: string): string => (name.includes('.') ? name : `0.${name}`)

/**
 * The modules of a state dict in order, each with every layer that its tensors allow. A single matrix is an embedding
 * or a linear layer without bias.
 */
export const pytorchModules = (tensors: NamedTensors, hints: Hints): Module[][] =>
  [...grouped(renamed(plainTensors(tensors, 'importModel'), plainName, 'importModel'), (name) => {
    const dot = name.lastIndexOf('.')
    return [name.slice(0, dot), name.slice(dot + 1)]
  })].map(([name, parts]) => {
    const all = Object.values(layerFormats).flatMap(({ pytorch }) => pytorch?.recognize?.(parts, hints, () => []) ?? [])
    if (all.length > 0) return all.map(({ make, ...sizes }) => ({ name, parts, ...sizes, blueprint: make() }))
    if (isOfRecurrent(parts))
      throw unclear(name, 'the tensors of an RNN, LSTM or GRU, of every layer', described(parts))
    throw unclear(name, 'modules of the kinds RNN, LSTM, GRU, Embedding, Linear and LayerNorm', described(parts))
  })
