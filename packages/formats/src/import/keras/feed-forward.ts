import { batchNorm, dense, dropout, embedding, layerNorm, masking, rmsNorm } from '@recurra/layers'
import { activationIn } from './activations.ts'
import type { Attributes } from './attributes.ts'
import { plain, weighted, type Shape, type Translate } from './keras-layer.ts'

const unchanged = (
  read: (attributes: Attributes, input: Shape) => ReturnType<Translate>['parts'],
): Translate => (attributes, shape) => ({ parts: read(attributes, shape), shape })

/** Normalization over the features alone. */
const expectLastAxis = (attributes: Attributes, { length }: Shape): void => {
  const axis = attributes.take('axis') ?? -1
  const one: unknown = Array.isArray(axis) && axis.length === 1 ? axis[0] : axis
  if (one !== -1 && one !== length) throw attributes.fault('axis', '-1, the features', axis)
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
    if (scale !== center) throw attributes.fault('scale', `${center}, as center is`, scale)
    const layer = batchNorm({ epsilon, momentum: 1 - momentum, affine: scale })
    return [weighted(layer, scale && 'gamma', center && 'beta', 'moving_mean', 'moving_variance')]
  }),
  LayerNormalization: unchanged((attributes, input) => {
    expectLastAxis(attributes, input)
    const epsilon = attributes.finite('epsilon', 1e-3)
    const [scale, center] = [attributes.flag('scale', true), attributes.flag('center', true)]
    const rms = attributes.flag('rms_scaling', false)
    if (rms) throw attributes.fault('rms_scaling', 'false', rms)
    if (center && !scale) throw attributes.fault('scale', 'true, as center is', scale)
    const layer = layerNorm({ epsilon, affine: scale, bias: center })
    return [weighted(layer, scale && 'gamma', center && 'beta')]
  }),
  RMSNormalization: unchanged((attributes, input) => {
    expectLastAxis(attributes, input)
    return [weighted(rmsNorm({ epsilon: attributes.finite('epsilon', 1e-6) }), 'scale')]
  }),
}
