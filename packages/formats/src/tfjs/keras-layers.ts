import { Sequential, type Blueprint, type Convolution, type Layer, type Pool } from '@recurra/layers'
import { ConfigurationError, type NamedTensor } from '@recurra/tensor'
import { layerLayout } from '../frameworks/framework.ts'
import { keras } from '../frameworks/keras/keras.ts'
import { parametersOf } from '../parameters/parameters-of.ts'
import { activationConfig, functionName } from './activation-config.ts'

/** A layer in a config of Keras. */
export interface KerasLayerConfig {
  readonly class_name: string
  readonly config: Readonly<Record<string, unknown>>
}

/** A layer of a model, with the layers that follow it. */
interface Placed {
  readonly name: string
  readonly layer: Layer
  readonly options: Readonly<Record<string, unknown>>
  readonly next: readonly Placed[]
}

/** A layer in Keras: its class, its attributes, and how many of the layers behind it are part of it. */
interface Written {
  readonly type: string
  readonly config: Readonly<Record<string, unknown>>
  readonly taken?: number
  /** What the names of its weights begin with. */
  readonly weights?: (part: string) => string
}

/**
 * The layers of a model as TensorFlow.js has them, and their weights by its names.
 * @throws `ConfigurationError` if it has no such layer, or an option of one; the error names it.
 */
export const kerasLayers = (
  model: Sequential,
): { readonly layers: readonly KerasLayerConfig[]; readonly tensors: readonly NamedTensor[] } => {
  const all = placed(model)
  const [layers, tensors]: [KerasLayerConfig[], NamedTensor[]] = [[], []]
  for (let i = 0; i < all.length; i++) {
    const one = { ...all[i]!, next: all.slice(i + 1) }
    const { type, config, taken = 0, weights = (part) => part } = writtenAs(one)
    layers.push({ class_name: type, config: { name: one.name, trainable: true, ...config } })
    for (const tensor of parametersOf(one.layer, { layout: layerLayout(keras), dtype: 'F32' }))
      tensors.push({ ...tensor, name: `${one.name}/${weights(tensor.name)}` })
    i += taken
  }
  return { layers, tensors }
}

/** The layers, those of stacks one by one. Numbers alone are no names in TensorFlow. */
const placed = (model: Sequential, within = ''): Placed[] =>
  model.parts.flatMap(([name, layer], i) => {
    const plain = `${within}${name}`.replaceAll(/[^\w.-]/g, '_')
    if (layer instanceof Sequential) return placed(layer, `${plain}_`)
    const { options = {} } = model.blueprints[i]!
    return [{ name: /^\d/.test(plain) ? `${layer.type}_${plain}` : plain, layer, options, next: [] }]
  })

const writtenAs = (one: Placed): Written => {
  const write = Object.hasOwn(writers, one.layer.type) ? writers[one.layer.type] : undefined
  if (write) return write(one)
  throw refused(one, `one of ${Object.keys(writers).join(', ')}`, one.layer.type)
}

const writers: { readonly [type: string]: (one: Placed) => Written } = {
  dense: ({ layer }) => ({ type: 'Dense', config: { units: layer.out.size, activation: 'linear', ...bias(layer) } }),
  embedding: ({ layer }) => ({ type: 'Embedding', config: { input_dim: layer.in.size, output_dim: layer.out.size } }),
  activation: (one) => {
    const [type, config] = activationConfig(one.options, (expected, got) => refused(one, expected, got))
    return { type, config }
  },
  dropout: ({ options }) => ({
    type: options['variational'] === true ? 'SpatialDropout1D' : 'Dropout', config: { rate: options['rate'] },
  }),
  layerNorm: ({ layer: { params }, options }) => ({
    type: 'LayerNormalization',
    config: { axis: -1, epsilon: options['epsilon'], center: 'shift' in params, scale: 'scale' in params },
  }),
  batchNorm: ({ layer: { params }, options }) => ({
    type: 'BatchNormalization',
    config: {
      axis: -1, epsilon: options['epsilon'], momentum: 1 - Number(options['momentum']), center: 'shift' in params,
      scale: 'scale' in params,
    },
  }),
  convolution: (one) => {
    const { windows, groups } = one.layer as Convolution
    if (groups > 1) throw refused(one, 'one group, as TensorFlow.js has', `${groups} groups`)
    return {
      type: 'Conv1D',
      config: {
        filters: one.layer.out.size, kernel_size: [windows.kernel], strides: [windows.stride],
        dilation_rate: [windows.dilation], padding: paddingOf(one, windows.padding), activation: 'linear',
        ...bias(one.layer),
      },
    }
  },
  maxPool: (one) => ({ type: 'MaxPooling1D', config: pooling(one) }),
  averagePool: (one) => {
    if (one.options['countIncludePad'] === true) throw refused(one, 'no countIncludePad', 'true')
    return { type: 'AveragePooling1D', config: pooling(one) }
  },
  meanPool: () => ({ type: 'GlobalAveragePooling1D', config: {} }),
  repeat: ({ options }) => ({ type: 'RepeatVector', config: { n: options['steps'] } }),
  ...Object.fromEntries(['lstm', 'gruResetBefore', 'rnn', 'rnnRelu'].map((type) => [type, recurrent])),
  bidirectional,
}

const bias = ({ params }: Layer): { readonly use_bias: boolean } => ({ use_bias: 'bias' in params })

/** TensorFlow.js 4.22 takes `causal`, and fails when the layer is called. */
const paddingOf = (one: Placed, padding: unknown): unknown => {
  if (padding === 'valid' || padding === 'same') return padding
  throw refused(one, "padding 'valid' or 'same', as TensorFlow.js computes", String(padding))
}

const pooling = (one: Placed): Written['config'] => {
  const { kernel, stride, padding } = (one.layer as Pool).windows
  return { pool_size: [kernel], strides: [stride], padding: paddingOf(one, padding) }
}

/** A recurrent layer, without what it returns. */
const cellConfig = (one: Placed, { type, params, out }: Layer, options: Placed['options']): KerasLayerConfig => {
  const name = (option: string, fallback: string): string =>
    functionName(String(options[option] ?? fallback), (expected, got) => refused(one, expected, got))
  const common = { units: out.size, use_bias: 'bias' in params }
  if (type === 'rnn' || type === 'rnnRelu')
    return { class_name: 'SimpleRNN', config: { ...common, activation: type === 'rnn' ? 'tanh' : 'relu' } }
  const functions = {
    activation: name('activation', 'tanh'), recurrent_activation: name('recurrentActivation', 'sigmoid'),
  }
  if (type === 'lstm') return { class_name: 'LSTM', config: { ...common, ...functions } }
  if (type === 'gruResetBefore') return { class_name: 'GRU', config: { ...common, ...functions, reset_after: false } }
  throw refused(one, 'lstm, gruResetBefore, rnn or rnnRelu, as TensorFlow.js has', type)
}

/** Whether a layer is followed by `last`, with an option or none. */
const endsWith = ({ next: [after] }: Placed, option?: 'bidirectional' | 'reverse'): boolean =>
  after?.layer.type === 'last' && Object.keys(after.options).join() === (option ?? '')

function recurrent(one: Placed): Written {
  const backwards = one.options['reverse'] === true
  const ends = endsWith(one, backwards ? 'reverse' : undefined)
  if (backwards && !ends)
    throw refused(one, 'last({ reverse: true }) behind a reversed layer', 'a sequence, whose steps it would turn round')
  const { class_name: type, config } = cellConfig(one, one.layer, one.options)
  return { type, config: { ...config, return_sequences: !ends, go_backwards: backwards }, taken: ends ? 1 : 0 }
}

const merges: Readonly<Record<string, string>> = { sum: 'sum', mean: 'ave', product: 'mul' }

function bidirectional(one: Placed): Written {
  const ends = endsWith(one, 'bidirectional')
  const { forward } = one.layer as Layer & { readonly forward: Layer }
  const { options = {} } = one.options['of'] as Blueprint
  const inner = cellConfig(one, forward, options)
  const merge = one.next[ends ? 1 : 0]
  const merged = merge?.layer.type === 'mergeDirections'
  const name = `${one.name}_direction`
  return {
    type: 'Bidirectional',
    config: {
      merge_mode: merged ? merges[String(merge.options['mode'])] : 'concat',
      layer: { ...inner, config: { ...inner.config, name, return_sequences: !ends, go_backwards: false } },
    },
    taken: Number(ends) + Number(merged),
    weights: (part) => part.replace('/', `_${name}/`),
  }
}

const refused = ({ name }: Pick<Placed, 'name'>, expected: string, got: string): ConfigurationError =>
  new ConfigurationError({
    where: `exportTfjs, ${name}`, expected, got,
    fix: 'Use a layer that TensorFlow.js has, or exportJavascript, which needs no library.',
  })
