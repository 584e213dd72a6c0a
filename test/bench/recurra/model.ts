import {
  dense, gru, last, namedVariables, lstm, oneHot, rnn, sequential, tokens, type Backend, type Layer, type Sequential,
} from 'recurra'
import { transpose, type Problem } from '../arrays.ts'

/** The model of a workload, with the weights of the problem. */
export const modelOf = ({ workload, arrays }: Problem, backend: Backend): Sequential => {
  const { task, cell, layers, input, hidden, output } = workload
  const recurrent = { rnn, lstm, gru }[cell]
  const blueprints = [
    ...(task === 'characters' ? [oneHot()] : []),
    ...Array.from({ length: layers }, () => recurrent(hidden, { biases: task === 'characters' ? 1 : 2 })),
    ...(task === 'value' ? [last()] : []),
    ...(output ? [dense(output)] : []),
  ]
  const model = sequential(task === 'characters' ? tokens(input) : input, blueprints, { backend }) as Sequential
  model.layers.filter(({ type }) => type === cell).forEach((layer, l) => fill(layer, arrays, parts, `_l${l}`))
  model.layers
    .filter(({ type }) => type === 'dense')
    .forEach((layer) => fill(layer, arrays, { weight: 'head.weight', bias: 'head.bias' }))
  return model
}

const parts = { weight: 'weight_ih', recurrentWeight: 'weight_hh', bias: 'bias_ih', recurrentBias: 'bias_hh' }

const fill = (
  { params, backend }: Layer,
  arrays: Problem['arrays'],
  names: { readonly [param: string]: string },
  suffix = '',
): void => {
  for (const [name, { value }] of namedVariables(params)) {
    const array = arrays[names[name]! + suffix]!
    backend.write(value, array.shape.length === 2 ? transpose(array) : array.data)
  }
}
