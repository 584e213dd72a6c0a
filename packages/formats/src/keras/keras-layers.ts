import { Sequential, type Convolution, type Layer, type Pool } from '@recurra/layers'
import { expectReadable } from '@recurra/rnn/authoring'
import { ConfigurationError, type NamedTensor } from '@recurra/tensor'
import { layerLayout } from '../frameworks/framework.ts'
import { keras } from '../frameworks/keras/keras.ts'
import { parametersOf } from '../parameters/parameters-of.ts'
import { activationConfig } from './activation-config.ts'
import type { Dialect } from './dialect.ts'
import { placed, type KerasLayerConfig, type Placed, type Written } from './placed.ts'
import { bidirectional, recurrent, recurrentTypes } from './recurrent-config.ts'

/** A layer in Keras: its class, its attributes with its name, and its weights in order, as our layout names them. */
export interface KerasLayer extends KerasLayerConfig {
  readonly name: string
  readonly tensors: readonly NamedTensor[]
}

/**
 * A model as Keras describes it: the shape of its input, null where any size will do, and its layers.
 * @throws `ConfigurationError` if the program has no such layer, or an option of one; the error names it.
 */
export const kerasLayers = (
  model: Sequential, dialect: Dialect,
): { readonly shape: readonly (number | null)[]; readonly layers: readonly KerasLayer[] } => {
  if (!(model instanceof Sequential))
    throw new ConfigurationError({
      where: dialect.exporter, expected: 'a model made by sequential',
      got: String((model as { type?: unknown } | undefined)?.type), fix: 'Export its parts.',
    })
  expectReadable(model)
  const { kind, size } = model.in
  const shape = { tokens: [null, null], vector: [null, size], sequence: [null, null, size] }[kind]
  const all = placed(model, dialect)
  const layers: KerasLayer[] = []
  for (let i = 0; i < all.length; i++) {
    const { name, layer } = all[i]!
    const { class_name, config, taken = 0 } = writtenAs(all[i]!)
    const tensors = parametersOf(layer, { layout, dtype: 'F32' })
    layers.push({ name, class_name, config: { name, trainable: true, ...config }, tensors })
    i += taken
  }
  return { shape, layers }
}

const layout = /* @__PURE__ */ layerLayout(keras)

const writtenAs = (one: Placed): Written => {
  const { layer: { type }, dialect: { lacks }, refused } = one
  const write = Object.hasOwn(writers, type) && !lacks.includes(type) ? writers[type] : undefined
  if (write) return write(one)
  throw refused(`one of ${Object.keys(writers).filter((each) => !lacks.includes(each)).join(', ')}`, type)
}

const writers: { readonly [type: string]: (one: Placed) => Written } = {
  dense: ({ layer }) => ({
    class_name: 'Dense', config: { units: layer.out.size, activation: 'linear', ...bias(layer) },
  }),
  embedding: ({ layer }) => ({
    class_name: 'Embedding', config: { input_dim: layer.in.size, output_dim: layer.out.size },
  }),
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
  maxPool: (one) => ({ class_name: 'MaxPooling1D', config: pooling(one) }),
  averagePool: (one) => {
    if (one.options['countIncludePad'] === true) throw one.refused('no countIncludePad', 'true')
    return { class_name: 'AveragePooling1D', config: pooling(one) }
  },
  meanPool: () => ({ class_name: 'GlobalAveragePooling1D', config: {} }),
  repeat: ({ options }) => ({ class_name: 'RepeatVector', config: { n: options['steps'] } }),
  ...Object.fromEntries(recurrentTypes.map((type) => [type, recurrent])),
  bidirectional,
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
