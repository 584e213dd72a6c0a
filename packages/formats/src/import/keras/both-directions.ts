import type { Blueprint, Sequence } from '@recurra/layers'
import { bidirectional, mergeDirections } from '@recurra/rnn'
import { unclear } from '../module.ts'
import type { Attributes } from './attributes.ts'
import { layerIn, plain, type KerasLayer, type Shape, type Translate, type Translated } from './keras-layer.ts'
import { recurrencesIn, recurrentTypes, type Recurrence } from './recurrences.ts'
import { ended, readingIn, type Reading } from './recurrent.ts'

/** `Bidirectional` around a recurrent layer. */
export const bothDirections: Translate = (attributes, input) => {
  const inner = layerIn(attributes.take('layer'), attributes.where)
  if (!recurrentTypes.includes(inner.type))
    throw unclear(attributes.where, `a layer of the kinds ${recurrentTypes.join(', ')}`, inner.type)
  const merge = attributes.oneOf('merge_mode', merges, 'concat')
  const both = [inner, backwardOf(attributes, inner)].map((layer) => {
    const own = attributes.inside(`${attributes.where}, ${layer.name}`, layer.config)
    const [reading, recurrences] = [readingIn(own), recurrencesIn(layer.type, own)]
    own.done()
    if (recurrences.length > 1) throw own.fault('cell', 'one cell in each direction', recurrences.length)
    return { ...reading, ...recurrences[0]! }
  })
  const [forward, backward] = both.map(({ make, sequences, weights: { names } }) =>
    JSON.stringify([make(), sequences, names]))
  if (both[0]!.backwards || !both[1]!.backwards || forward !== backward)
    throw unclear(attributes.where, 'two directions that are alike, the first of them forward', 'others')
  return bothOf(both, merge, input)
}

/** The layer that reads backward: the same as the other one, unless a config describes it. */
const backwardOf = (attributes: Attributes, { type, name, config }: KerasLayer): KerasLayer => {
  const given = attributes.take('backward_layer')
  if (given != null) return layerIn(given, attributes.where)
  return { type, name, config: { ...config, go_backwards: config['go_backwards'] !== true } }
}

/** Both directions, merged as asked for. */
const bothOf = (
  [forward, backward]: readonly (Reading & Recurrence)[], merge: (typeof merges)[number], input: Shape,
): Translated => {
  const { make, units, sequences } = forward!
  const weights = [forward!, backward!].map(({ weights: { path, names } }, i) => {
    const direction = ['forward', 'backward'][i]!
    return { path: `${direction}_layer/${path}`, under: `${direction}/`, names }
  })
  const both = bidirectional((direction) => make(direction) as Blueprint<Sequence, Sequence>)
  const { parts, shape } = ended([{ blueprint: both as Blueprint, weights }], input, 2 * units, sequences, {
    bidirectional: true,
  })
  if (merge === 'concat') return { parts, shape }
  return { parts: [...parts, plain(mergeDirections(modes[merge]))], shape: [...shape.slice(0, -1), units] }
}

const merges = ['concat', 'sum', 'ave', 'mul'] as const
const modes = { sum: 'sum', ave: 'mean', mul: 'product' } as const
