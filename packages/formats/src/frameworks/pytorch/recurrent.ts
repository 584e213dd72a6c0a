import { stack, type Blueprint, type Layer, type Variable } from '@recurra/layers'
import { Bidirectional, type RNNLayer } from '@recurra/rnn'
import { ConfigurationError, type NamedTensors } from '@recurra/tensor'
import { sizesOf, type Hints, type MakeCell } from '../../import/module.ts'
import { asIs, range, transposed, type Own, type LayoutEntry } from '../../parameters/layout.ts'
import { bothDirections } from '../../layers/bidirectional.ts'
import type { Counterpart } from '../../layers/layer-format.ts'

const types = new Set(['rnn', 'rnnRelu', 'lstm', 'gru'])

/** Whether a layer is `nn.RNN`, `nn.LSTM` or `nn.GRU` in PyTorch, in one direction or both. */
export const isTorchRecurrent = (layer: Layer): boolean =>
  layer instanceof Bidirectional
    ? layer.forward.type === layer.backward.type && isTorchRecurrent(layer.forward)
    : types.has(layer.type)

/**
 * The tensors of `nn.RNN`, `nn.LSTM` or `nn.GRU`: weights are transposed, and the gates are in the same order as ours.
 */
export const torchRecurrent = (gates: number, cellFor: (hints: Hints) => unknown): Counterpart => ({
  store(layer, { path, suffix }) {
    const { weight, recurrentWeight, projectionWeight } = layer.params as Own
    expectUsual(layer)
    const called = (part: string): string => `${path}${part}${suffix}`
    return [
      transposed(called('weight_ih'), weight!),
      transposed(called('weight_hh'), recurrentWeight!),
      ...biases(layer, called),
      ...(projectionWeight ? [transposed(called('weight_hr'), projectionWeight)] : []),
    ]
  },
  recognize(parts, hints) {
    const [width = 0, takes = 0] = parts.get('weight_ih_l0')?.shape ?? []
    const units = width / gates
    const projection = gates === 4 ? parts.get('weight_hr_l0')?.shape[0] : undefined
    const directions = parts.has('weight_ih_l0_reverse') ? ['', '_reverse'] : ['']
    const count = [...parts.keys()].filter((part) => /^weight_ih_l\d+$/.test(part)).length
    const biased = parts.has('bias_ih_l0')
    const shown = projection ?? units
    const gives = shown * directions.length
    const pattern = Array.from({ length: count }, (_, l) => directions.flatMap((direction): [string, number[]][] => {
      const at = `l${l}${direction}`
      return [
        [`weight_ih_${at}`, [width, l === 0 ? takes : gives]],
        [`weight_hh_${at}`, [width, shown]],
        ...(biased ? [[`bias_ih_${at}`, [width]], [`bias_hh_${at}`, [width]]] as [string, number[]][] : []),
        ...(projection === undefined ? [] : [[`weight_hr_${at}`, [projection, units]]] as [string, number[]][]),
      ]
    }))
    if (count === 0 || !sizesOf(parts, Object.fromEntries(pattern.flat()))) return undefined
    const given = { ...(!biased && { biases: 0 as const }), ...(projection !== undefined && { projection }) }
    const one = (options = {}): Blueprint => (cellFor(hints) as MakeCell)(units, { ...options, ...given }) as Blueprint
    const layer = directions.length > 1 ? bothDirections(one) : one()
    return { takes, gives, make: () => (count > 1 ? stack(count, layer) : layer) }
  },
})

/**
 * `nn.LSTM` and `nn.GRU` have no other activations, and `nn.RNN` has relu besides: the weights of a layer with another
 * one would compute something else.
 */
const expectUsual = (layer: Layer): void => {
  const { cell: { type, activations } } = layer as RNNLayer
  const { activation = 'tanh', recurrentActivation = 'sigmoid' } = activations
  const refused = (expected: string, got: string, fix: string): ConfigurationError =>
    new ConfigurationError({ where: type, expected, got, fix })
  const fits = activation === 'tanh' || (type === 'rnn' && activation === 'relu')
  if (!fits || recurrentActivation !== 'sigmoid')
    throw refused(
      type === 'rnn' ? 'tanh or relu, as PyTorch has them' : 'gates with sigmoid and tanh, as PyTorch has them',
      type === 'rnn' ? activation : `recurrentActivation ${recurrentActivation}, activation ${activation}`,
      'Use the layout of Keras, whose layers have these options, or save the model as it is.',
    )
  if ('projectionWeight' in layer.params && type !== 'lstm')
    throw refused('a projection of an lstm, as PyTorch has it', `one of ${type}`, 'Save the model as it is.')
}

/** PyTorch has two biases or no bias. If ours has one, it is the first, and the second is 0. */
const biases = (layer: Layer, called: (part: string) => string): LayoutEntry[] => {
  const { bias, recurrentBias } = layer.params as Own
  if (!bias) return []
  return [
    asIs(called('bias_ih'), bias),
    recurrentBias ? asIs(called('bias_hh'), recurrentBias) : second(called('bias_hh'), bias, layer),
  ]
}

/** The second bias is added to the first, except in the last gate of a GRU, where the reset separates them. */
const second = (name: string, bias: Variable, { type, out: { size } }: Layer): LayoutEntry => {
  const { shape } = bias.value
  if (type !== 'gru') return asIs(name, bias)
  return {
    name,
    shape,
    parts: [{ param: bias, order: range(0, 2 * size) }, { param: undefined, order: range(2 * size, 3 * size) }],
  }
}

/** The tensors of a module that are named like those of a recurrent module, even if they do not fit. */
export const isOfRecurrent = (parts: NamedTensors): boolean =>
  [...parts.keys()].some((part) => /^(weight|bias)_(ih|hh|hr)/.test(part))
