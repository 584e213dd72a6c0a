import { multiHeadAttention } from '@recurra/layers'
import type { LayerPart, Translate } from './keras-layer.ts'

const projections = ['query', 'key', 'value', 'output'] as const

/** Attention of a sequence over itself. */
export const attentionLayers: { readonly [type: string]: Translate } = {
  MultiHeadAttention(attributes, shape) {
    const [heads, keySize] = [attributes.count('num_heads'), attributes.count('key_dim')]
    const valueSize = attributes.count('value_dim', keySize)
    if (valueSize !== keySize) throw attributes.fault('value_dim', `${keySize}, as key_dim is`, valueSize)
    const [size] = shape.slice(-1)
    const output = attributes.take('output_shape') ?? size
    if ((Array.isArray(output) && output.length === 1 ? output[0] : output) !== size)
      throw attributes.fault('output_shape', `${size}, as the input has`, output)
    attributes.trainingRate('dropout')
    const axes = attributes.take('attention_axes') ?? [1]
    if (JSON.stringify(axes) !== '[1]') throw attributes.fault('attention_axes', '[1], the steps', axes)
    for (const name of ['query_shape', 'key_shape', 'value_shape', 'flash_attention']) attributes.take(name)
    const [bias, causal] = [attributes.flag('use_bias', true), attributes.flag('use_causal_mask', false)]
    attributes.only('return_attention_scores', false)
    const blueprint = multiHeadAttention(heads, { keySize, bias, ...(causal && { over: 'causal' }) })
    const part: LayerPart = {
      blueprint: blueprint as LayerPart['blueprint'],
      weights: projections.map((name) => ({
        path: `${name}_dense`,
        under: name === 'output' ? 'attention_output/' : `${name}/`,
        names: ['kernel', ...(bias ? ['bias'] : [])],
      })),
    }
    return { parts: [part], shape }
  },
}

/** The layers that read a sequence several times: as queries, keys and values. */
export const attentionTypes: readonly string[] = [...Object.keys(attentionLayers), 'Attention', 'AdditiveAttention']
