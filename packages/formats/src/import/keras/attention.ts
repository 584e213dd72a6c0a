import { multiHeadAttention } from '@recurra/layers'
import { knownFeatures } from './element-wise.ts'
import type { LayerPart, Translate } from './keras-layer.ts'

const projections = ['query', 'key', 'value', 'output'] as const

/** The steps as they are, times a number, as one head of `multiHeadAttention` projects them. */
const identity = (size: number, factor = 1): Float32Array =>
  Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? factor : 0))

/** Attention of a sequence over itself. */
export const attentionLayers: { readonly [type: string]: Translate } = {
  /** Scores are products of the steps themselves, without the division by √size that a head has. */
  Attention(attributes, shape) {
    const size = knownFeatures(attributes.where, shape)
    attributes.only('score_mode', 'dot')
    attributes.trainingRate('dropout')
    attributes.only('return_attention_scores', false)
    const [scaled, causal] = [attributes.flag('use_scale', false), attributes.flag('use_causal_mask', false)]
    const over = causal || attributes.flag('causal', false) ? { over: 'causal' } as const : {}
    attributes.warn('the projections of its one head, which change nothing, are parameters here')
    const query = { name: 'query/kernel', shape: [size, 1, size] }
    const projected = (factor: number): Float32Array => identity(size, factor * Math.sqrt(size))
    return {
      parts: [{
        blueprint: multiHeadAttention(1, { keySize: size, bias: false, ...over }) as LayerPart['blueprint'],
        weights: scaled ? [{
          path: '', under: '', names: ['scale'],
          as: [{ ...query, from: [], values: (stored) => projected(stored[0]!) }],
        }] : [],
        fixed: [
          ...(scaled ? [] : [{ ...query, values: () => projected(1) }]),
          ...['key', 'value'].map((name) => ({ ...query, name: `${name}/kernel`, values: () => identity(size) })),
          { name: 'attention_output/kernel', shape: [1, size, size], values: () => identity(size) },
        ],
      }],
      shape,
    }
  },
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
export const attentionTypes: readonly string[] = [...Object.keys(attentionLayers), 'AdditiveAttention']
