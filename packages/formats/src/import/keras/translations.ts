import { unclear } from '../module.ts'
import { activationLayers } from './activations.ts'
import { attentionLayers } from './attention.ts'
import type { Writer } from './attributes.ts'
import { bothDirections } from './both-directions.ts'
import { elementWiseLayers } from './element-wise.ts'
import { feedForwardLayers } from './feed-forward.ts'
import { attributesOf, layerIn, type KerasLayer, type Shape, type Translate, type Translated } from './keras-layer.ts'
import { mergeTypes } from './merge-in.ts'
import { layersOverTime } from './over-time.ts'
import { recurrentTypes } from './recurrences.ts'
import { recurrentLayer } from './recurrent.ts'
import { refusedLayers } from './refused-layers.ts'
import { reshapingLayers } from './reshaping.ts'

/** Layers that do to each step what they do to a vector. */
const everyStep = [
  'Dense', 'Dropout', 'LayerNormalization', 'BatchNormalization', 'RMSNormalization', 'EinsumDense',
  'Identity', 'PReLU', 'Rescaling', 'UnitNormalization', 'Normalization', 'GaussianNoise', 'GaussianDropout',
  'AlphaDropout', 'ActivityRegularization', ...Object.keys(activationLayers),
]

/** Ours do at every step what they do to a vector, without being asked. */
const timeDistributed: Translate = (attributes, input) => {
  const inner = layerIn(attributes.take('layer'), attributes.where)
  if (!everyStep.includes(inner.type))
    throw unclear(attributes.where, `a layer of the kinds ${everyStep.join(', ')}`, inner.type)
  const own = attributes.inside(`${attributes.where}, ${inner.name}`, inner.config)
  const { parts, shape } = translations[inner.type]!(own, input.slice(1))
  own.done()
  const within = parts.map(({ weights, ...part }) => ({
    ...part, weights: weights.map((group) => ({ ...group, path: 'layer' })),
  }))
  return { parts: within, shape: [input[0], ...shape] }
}

/** The layers of Keras, by class. */
const translations: { readonly [type: string]: Translate } = {
  ...activationLayers,
  ...elementWiseLayers,
  ...feedForwardLayers,
  ...layersOverTime,
  ...reshapingLayers,
  ...attentionLayers,
  ...Object.fromEntries(recurrentTypes.map((type) => [type, recurrentLayer(type)])),
  Bidirectional: bothDirections,
  TimeDistributed: timeDistributed,
}

/**
 * A layer of Keras as layers of ours.
 * @throws `ValueError` if it, or one of its attributes, is unknown or cannot be expressed; the error names the layer.
 */
export const translated = (layer: KerasLayer, input: Shape, writer: Writer): Translated => {
  const translate = Object.hasOwn(translations, layer.type) ? translations[layer.type] : undefined
  if (!translate) throw unknown(layer)
  const attributes = attributesOf(layer, writer)
  const made = translate(attributes, input)
  attributes.done()
  return made
}

/** The error for a layer that has no counterpart here. */
const unknown = ({ name, type }: KerasLayer): Error => {
  if (mergeTypes.includes(type)) return unclear(name, `several inputs of ${type}`, 'one')
  if (Object.hasOwn(refusedLayers, type)) return unclear(name, 'a layer with a counterpart', type, refusedLayers[type])
  return unclear(name, `a layer of the kinds ${Object.keys(translations).join(', ')}`, type)
}
