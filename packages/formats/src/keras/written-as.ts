import type {
  Convolution, Layer, MultiHeadAttention, MultiHeadOptions, Pool, TransposedConvolution, Variable,
} from '@recurra/layers'
import { activationConfig } from './activation-config.ts'
import type { Dialect } from './dialect.ts'
import type { Placed, Written } from './placed.ts'
import { bidirectional, recurrent, recurrentTypes } from './recurrent-config.ts'

/**
 * A layer as its program has it.
 * @throws `ConfigurationError` if the program has no such layer, or an option of one; the error names it.
 */
export const writtenAs = (one: Placed): Written => {
  const { layer: { type }, dialect: { lacks }, refused } = one
  const write = Object.hasOwn(writers, type) && !lacks.includes(type) ? writers[type] : undefined
  if (write) return write(one)
  throw refused(`one of ${Object.keys(writers).filter((each) => !lacks.includes(each)).join(', ')}`, type)
}

const writers: { readonly [type: string]: (one: Placed) => Written } = {
  dense: ({ layer }) => ({
    class_name: 'Dense', config: { units: layer.out.size, activation: 'linear', ...bias(layer) },
  }),
  embedding: ({ layer, before }) => ({
    class_name: 'Embedding',
    config: {
      input_dim: layer.in.size, output_dim: layer.out.size,
      ...(before?.layer.type === 'masking' && { mask_zero: true }),
    },
  }),
  masking: ({ options }) => ({ class_name: 'Masking', config: { mask_value: options['value'] ?? 0 } }),
  activation: activationConfig,
  dropout: ({ options }) => ({
    class_name: options['variational'] === true ? 'SpatialDropout1D' : 'Dropout', config: { rate: options['rate'] },
  }),
  layerNorm: ({ layer: { params }, options }) => ({
    class_name: 'LayerNormalization',
    config: { axis: -1, epsilon: options['epsilon'], center: 'shift' in params, scale: 'scale' in params },
  }),
  rmsNorm: ({ layer: { params }, options, refused }) => {
    if (!('scale' in params)) throw refused('a scale, as RMSNormalization has', 'affine: false')
    return { class_name: 'RMSNormalization', config: { axis: -1, epsilon: options['epsilon'] } }
  },
  batchNorm: ({ layer: { params }, options }) => ({
    class_name: 'BatchNormalization',
    config: {
      axis: -1, epsilon: options['epsilon'], momentum: 1 - Number(options['momentum']), center: 'shift' in params,
      scale: 'scale' in params,
    },
  }),
  convolution: (one) => {
    const { layer, dialect: { program, paddings, ...has }, refused } = one
    const { windows, groups } = layer as Convolution
    if (groups > 1 && !has.groups) throw refused(`one group, as ${program} has`, `${groups} groups`)
    if (windows.stride > 1 && windows.dilation > 1)
      throw refused('a stride or a dilation, as Conv1D takes', `stride ${windows.stride}, dilation ${windows.dilation}`)
    return {
      class_name: 'Conv1D',
      config: {
        filters: layer.out.size, kernel_size: [windows.kernel], strides: [windows.stride],
        dilation_rate: [windows.dilation], padding: paddingOf(one, windows.padding, paddings),
        ...(has.groups && { groups }), activation: 'linear', ...bias(layer),
      },
    }
  },
  transposedConvolution: (one) => {
    const { kernel, stride, padding } = (one.layer as TransposedConvolution).windows
    return {
      class_name: 'Conv1DTranspose',
      config: {
        filters: one.layer.out.size, kernel_size: [kernel], strides: [stride],
        padding: paddingOf(one, padding, ['valid', 'same']), activation: 'linear', ...bias(one.layer),
      },
    }
  },
  upSample: ({ options: { factor } }) => ({ class_name: 'UpSampling1D', config: { size: factor } }),
  maxPool: (one) => ({ class_name: 'MaxPooling1D', config: pooling(one) }),
  averagePool: (one) => {
    if (one.options['countIncludePad'] === true) throw one.refused('no countIncludePad', 'true')
    return { class_name: 'AveragePooling1D', config: pooling(one) }
  },
  globalMaxPool: () => ({ class_name: 'GlobalMaxPooling1D', config: {} }),
  pad: ({ options: { before = 0, after = 0, mode = 'zero' }, refused }) => {
    if (mode !== 'zero') throw refused("mode 'zero', as ZeroPadding1D has", String(mode))
    return { class_name: 'ZeroPadding1D', config: { padding: [before, after] } }
  },
  crop: ({ options: { before = 0, after = 0 } }) => ({
    class_name: 'Cropping1D', config: { cropping: [before, after] },
  }),
  unflatten: ({ layer, options: { steps } }) => ({
    class_name: 'Reshape', config: { target_shape: [steps, layer.out.size] },
  }),
  transpose: () => ({ class_name: 'Permute', config: { dims: [2, 1] } }),
  meanPool: () => ({ class_name: 'GlobalAveragePooling1D', config: {} }),
  multiHeadAttention: multiHead,
  repeat: ({ options }) => ({ class_name: 'RepeatVector', config: { n: options['steps'] } }),
  ...Object.fromEntries(recurrentTypes.map((type) => [type, recurrent])),
  bidirectional,
}

/** Keras has no windows and no positions; whether a step sees later ones is part of the call. */
function multiHead({ layer, options, refused }: Placed): Written {
  const { over = 'self', window, positions = 'none' } = options as MultiHeadOptions
  if (over === 'source' || window !== undefined || positions !== 'none')
    throw refused(
      "over: 'self' or 'causal' without window and positions, as MultiHeadAttention has", JSON.stringify(options),
    )
  const { heads, params } = layer as MultiHeadAttention
  const width = (params as { readonly queryWeight: Variable }).queryWeight.value.shape[1]!
  return {
    class_name: 'MultiHeadAttention',
    config: { num_heads: heads, key_dim: width / heads, use_bias: 'queryBias' in params },
    call: over === 'causal' ? { use_causal_mask: true } : {},
    reads: 3,
  }
}

const bias = ({ params }: Layer): { readonly use_bias: boolean } => ({ use_bias: 'bias' in params })

const paddingOf = ({ dialect, refused }: Placed, padding: unknown, paddings: Dialect['paddings']): string => {
  const found = paddings.find((each) => each === padding)
  if (found !== undefined) return found
  throw refused(`padding '${paddings.join("' or '")}', as ${dialect.program} computes`, String(padding))
}

const pooling = (one: Placed): Written['config'] => {
  const { kernel, stride, padding } = (one.layer as Pool).windows
  return { pool_size: [kernel], strides: [stride], padding: paddingOf(one, padding, ['valid', 'same']) }
}
