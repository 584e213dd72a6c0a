import { batchNorm, dense, dropout, embedding, layerNorm, masking, rmsNorm } from '@recurra/layers'
import { activationIn } from './activations.ts'
import type { Attributes } from './attributes.ts'
import { expectLastAxis, plain, weighted, type FixedWeight, type Shape, type Translate } from './keras-layer.ts'

const unchanged = (
  read: (attributes: Attributes, input: Shape) => ReturnType<Translate>['parts'],
): Translate => (attributes, shape) => ({ parts: read(attributes, shape), shape })

/** The scale, or the shift, that Keras leaves out where a layer has only the other one. */
const affineOf = (name: 'gamma' | 'beta', shape: Shape): FixedWeight => {
  const size = shape.at(-1) ?? 0
  return { name, shape: [size], values: () => new Float32Array(size).fill(name === 'gamma' ? 1 : 0) }
}

const noise = unchanged((attributes) => {
  for (const rate of ['rate', 'stddev']) attributes.trainingRate(rate)
  attributes.take('noise_shape')
  return []
})

/** Layers without time. */
export const feedForwardLayers: { readonly [type: string]: Translate } = {
  Dense(attributes, input) {
    const [units, bias] = [attributes.count('units'), attributes.flag('use_bias', true)]
    attributes.take('input_dim')
    const layer = weighted(dense(units, { bias }), 'kernel', bias && 'bias')
    return { parts: [layer, ...activationIn(attributes)], shape: [...input.slice(0, -1), units] }
  },
  /** A product with the last axis alone, which is a dense layer. */
  EinsumDense(attributes, input) {
    const equation = attributes.take('equation')
    const features = /^([a-z.]+)([a-z]),\2([a-z])->\1\3$/.exec(String(equation))
    if (!features) throw attributes.fault('equation', 'a product with the features, such as abc,cd->abd', equation)
    const [output, axes] = [attributes.take('output_shape'), attributes.take('bias_axes')]
    const units = Array.isArray(output) ? (output.at(-1) as unknown) : output
    if (typeof units !== 'number' || !(units > 0)) throw attributes.fault('output_shape', 'a number of units', output)
    if (axes != null && axes !== features[3]) throw attributes.fault('bias_axes', features[3]!, axes)
    const layer = weighted(dense(units, { bias: axes != null }), 'kernel', axes != null && 'bias')
    return { parts: [layer, ...activationIn(attributes)], shape: [...input.slice(0, -1), units] }
  },
  Embedding(attributes, input) {
    const size = attributes.count('output_dim')
    attributes.take('input_dim')
    const masks = attributes.flag('mask_zero', false) ? [plain(masking())] : []
    return { parts: [...masks, weighted(embedding(size), 'embeddings')], shape: [...input, size] }
  },
  Masking: unchanged((attributes) => [plain(masking({ value: attributes.finite('mask_value', 0) }))]),
  Dropout: unchanged((attributes) => {
    const [rate, shape] = [attributes.finite('rate', 0), attributes.take('noise_shape')]
    const overTime = Array.isArray(shape) && shape.length === 3 && shape[1] === 1
    if (shape != null && !overTime) throw attributes.fault('noise_shape', 'null, or [null, 1, null]', shape)
    return [plain(dropout(rate, { variational: overTime }))]
  }),
  SpatialDropout1D: unchanged((attributes) => {
    attributes.take('noise_shape')
    attributes.only('data_format', null)
    return [plain(dropout(attributes.finite('rate', 0), { variational: true }))]
  }),
  GaussianNoise: noise,
  GaussianDropout: noise,
  AlphaDropout: noise,
  ActivityRegularization: unchanged((attributes) => {
    for (const name of ['l1', 'l2']) attributes.take(name) // a penalty in training
    return []
  }),
  BatchNormalization: unchanged((attributes, input) => {
    expectLastAxis(attributes, input)
    const [epsilon, momentum] = [attributes.finite('epsilon', 1e-3), attributes.finite('momentum', 0.99)]
    const [scale, center] = [attributes.flag('scale', true), attributes.flag('center', true)]
    for (const name of ['renorm', 'synchronized']) attributes.only(name, false)
    for (const name of ['fused', 'virtual_batch_size', 'adjustment', 'renorm_clipping', 'renorm_momentum'])
      attributes.take(name)
    const layer = batchNorm({ epsilon, momentum: 1 - momentum, affine: scale || center })
    const part = weighted(layer, scale && 'gamma', center && 'beta', 'moving_mean', 'moving_variance')
    return [scale === center ? part : { ...part, fixed: [affineOf(scale ? 'beta' : 'gamma', input)] }]
  }),
  LayerNormalization: unchanged((attributes, input) => {
    expectLastAxis(attributes, input)
    const epsilon = attributes.finite('epsilon', 1e-3)
    const [scale, center] = [attributes.flag('scale', true), attributes.flag('center', true)]
    const rms = attributes.flag('rms_scaling', false)
    if (rms) throw attributes.fault('rms_scaling', 'false', rms)
    const layer = layerNorm({ epsilon, affine: scale || center, bias: center })
    const part = weighted(layer, scale && 'gamma', center && 'beta')
    return [center && !scale ? { ...part, fixed: [affineOf('gamma', input)] } : part]
  }),
  RMSNormalization: unchanged((attributes, input) => {
    expectLastAxis(attributes, input)
    return [weighted(rmsNorm({ epsilon: attributes.finite('epsilon', 1e-6) }), 'scale')]
  }),
}
