import { unclear } from '../module.ts'
import { activationLayers } from './activations.ts'
import type { Shape } from './keras-layer.ts'
import type { Mask } from './mask-behind.ts'
import { mergeTypes } from './merge-in.ts'
import type { ModelLayer } from './model-layers.ts'
import { recurrentTypes } from './recurrences.ts'

/** The name of the layer that returned the steps of a sequence in reverse order, if one did. */
export type Reversed = string | undefined

/** Layers that do the same to every step, whatever the order. */
const everyStep: readonly string[] = [
  'Dense', 'EinsumDense', 'Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout',
  'ActivityRegularization', 'BatchNormalization', 'LayerNormalization', 'RMSNormalization', 'UnitNormalization',
  'Normalization', 'GroupNormalization', 'Rescaling', 'Identity', 'Masking', 'TimeDistributed',
  ...Object.keys(activationLayers), ...mergeTypes,
]
/** Layers to which the order of the steps is all the same. */
const anyOrder: readonly string[] = ['GlobalAveragePooling1D', 'GlobalMaxPooling1D']

/**
 * A layer that reads steps in reverse order, as one that reads them in ours. With `go_backwards`, Keras returns the
 * last step first; ours stay in their places, and the next recurrent layer reads them the other way round.
 */
export const inOurOrder = (layer: ModelLayer, reversed: Reversed): ModelLayer =>
  reversed !== undefined && recurrentTypes.includes(layer.type)
    ? { ...layer, config: { ...layer.config, go_backwards: layer.config['go_backwards'] !== true } }
    : layer

/**
 * What returns the steps behind a layer in reverse order; `layer` is as `inOurOrder` gives it.
 * @throws `ValueError` if the layer reads neighboring steps together, or steps by their place, or there is a mask,
 * which Keras does not reverse with the steps.
 */
export const reversedBehind = (
  { type, name, config }: ModelLayer, reversed: Reversed, shape: Shape, mask: Mask,
): Reversed => {
  if (shape.length < 2 && (recurrentTypes.includes(type) || anyOrder.includes(type))) return undefined
  if (recurrentTypes.includes(type)) {
    if (config['go_backwards'] !== true) return undefined
    if (mask === false) return name
    throw unclear(name, 'no mask, which Keras would not reverse with the steps', 'go_backwards and a mask', inOrder)
  }
  if (reversed !== undefined && !everyStep.includes(type)) throw notInOrder(name, reversed)
  return reversed
}

/** The error of something that cannot take steps in reverse order. */
export const notInOrder = (where: string, reversed: string): Error =>
  unclear(where, 'steps in their order', `the last one first, as ${reversed} with go_backwards returns them`, inOrder)

const inOrder = 'Use Bidirectional, whose backward outputs are in the order of the input.'
