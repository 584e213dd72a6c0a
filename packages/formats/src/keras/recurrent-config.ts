import type { Blueprint, Layer } from '@recurra/layers'
import { functionName } from './activation-config.ts'
import type { KerasLayerConfig, Placed, Written } from './placed.ts'

/** A recurrent layer, without what it returns. */
const cellConfig = (one: Placed, { type, params, out }: Layer, options: Placed['options']): KerasLayerConfig => {
  const common = { units: out.size, use_bias: 'bias' in params }
  const activation = functionName(String(options['activation'] ?? (type === 'rnnRelu' ? 'relu' : 'tanh')), one)
  if (type === 'rnn' || type === 'rnnRelu') return { class_name: 'SimpleRNN', config: { ...common, activation } }
  const functions = {
    activation,
    recurrent_activation: functionName(String(options['recurrentActivation'] ?? 'sigmoid'), one),
  }
  if (type === 'lstm') return { class_name: 'LSTM', config: { ...common, ...functions } }
  const has = recurrentTypes.filter((each) => !one.dialect.lacks.includes(each))
  if (!has.includes(type)) throw one.refused(`one of ${has.join(', ')}, as ${one.dialect.program} has`, type)
  return { class_name: 'GRU', config: { ...common, ...functions, reset_after: type === 'gru' } }
}

/** The recurrent layers that Keras has. */
export const recurrentTypes: readonly string[] = ['lstm', 'gru', 'gruResetBefore', 'rnn', 'rnnRelu']

/** Whether a layer is followed by `last`, with an option or none. */
const endsWith = ({ next: [after] }: Placed, option?: 'bidirectional' | 'reverse'): boolean =>
  after?.layer.type === 'last' && Object.keys(after.options).join() === (option ?? '')

/** A recurrent layer in one direction, with the `last` behind it. */
export const recurrent = (one: Placed): Written => {
  const backwards = one.options['reverse'] === true
  const ends = endsWith(one, backwards ? 'reverse' : undefined)
  if (backwards && !ends)
    throw one.refused(
      'last({ reverse: true }) behind a reversed layer', 'a sequence, whose steps it would turn round',
    )
  const { class_name, config } = cellConfig(one, one.layer, one.options)
  return { class_name, config: { ...config, return_sequences: !ends, go_backwards: backwards }, taken: ends ? 1 : 0 }
}

const merges: Readonly<Record<string, string>> = { sum: 'sum', mean: 'ave', product: 'mul' }

/** The name of the layer inside a bidirectional one. */
export const directionName = (name: string): string => `${name}_direction`

/** A recurrent layer in both directions, with the `last` and the `mergeDirections` behind it. */
export const bidirectional = (one: Placed): Written => {
  const ends = endsWith(one, 'bidirectional')
  const { forward } = one.layer as Layer & { readonly forward: Layer }
  const { options = {} } = one.options['of'] as Blueprint
  const inner = cellConfig(one, forward, options)
  const merge = one.next[ends ? 1 : 0]
  const merged = merge?.layer.type === 'mergeDirections'
  const own = { name: directionName(one.name), trainable: true, return_sequences: !ends, go_backwards: false }
  return {
    class_name: 'Bidirectional',
    config: {
      merge_mode: merged ? merges[String(merge.options['mode'])] : 'concat',
      layer: { ...inner, config: { ...inner.config, ...own } },
    },
    taken: Number(ends) + Number(merged),
  }
}
