import { unclear } from '../module.ts'
import { attentionTypes } from './attention.ts'
import type { ModelLayer } from './model-layers.ts'

/**
 * Whether there is a mask between two layers. It is `'inner'` behind attention, which then gives other values at masked
 * steps here than in Keras; layers that have the mask do not read them.
 */
export type Mask = boolean | 'inner'

/** Layers without support for masks: Keras ends the mask before them. */
const unmasked: readonly string[] = [
  'Conv1D', 'Conv1DTranspose', 'DepthwiseConv1D', 'SeparableConv1D', 'MaxPooling1D', 'AveragePooling1D',
  'GlobalMaxPooling1D', 'Flatten', 'Reshape', 'Permute', 'Cropping1D', 'UpSampling1D', 'ZeroPadding1D',
]

/** Whether a layer reads all steps, the masked ones, too. */
export const endsMask = ({ type }: Pick<ModelLayer, 'type'>): boolean => unmasked.includes(type)

/**
 * The mask of a sequence that a layer gives, if it reads one with a mask or without.
 * @throws `ValueError` if the layer computes something else of masked steps than ours.
 */
export const maskBehind = ({ type, name, config }: ModelLayer, mask: Mask): Mask => {
  if (type === 'Masking' || (type === 'Embedding' && config['mask_zero'] === true)) return true
  if (mask === false) return false
  if (type === 'Softmax')
    throw unclear(name, 'no mask before Softmax, which would apply it to features', 'a mask', activation)
  if (mask === 'inner' && endsMask({ type }))
    throw unclear(name, 'no mask between attention and a layer that reads all steps', 'a mask')
  return attentionTypes.includes(type) ? 'inner' : !endsMask({ type }) && mask
}

const activation = 'Use Activation("softmax") in its place.'
