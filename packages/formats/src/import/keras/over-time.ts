import {
  averagePool, convolution, globalMaxPool, maxPool, transposedConvolution, upSample, type Padding,
} from '@recurra/layers'
import { meanPool } from '@recurra/rnn'
import { unclear } from '../module.ts'
import { activationIn } from './activations.ts'
import type { Attributes } from './attributes.ts'
import { plain, weighted, type LayerPart, type Shape, type Translate, type Translated } from './keras-layer.ts'

interface Windows {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly padding: Padding
}

/** The number of steps that windows give. */
const stepsOf = (steps: number | undefined, { kernel, stride, dilation, padding }: Windows): number | undefined => {
  if (steps === undefined) return undefined
  const reach = padding === 'valid' ? (kernel - 1) * dilation : 0
  return Math.max(0, Math.floor((steps - reach - 1) / stride) + 1)
}

const channelsLast = (attributes: Attributes): void => attributes.only('data_format', 'channels_last')

/**
 * `Conv1D`, `DepthwiseConv1D`: `filters` and `groups` by the number of features. With `hasBias`, what follows the
 * products is not read.
 */
const convolutionOf = (
  attributes: Attributes, [steps, features]: Shape, kernelName: string,
  { filters, groups, hasBias }: { readonly filters: number; readonly groups: number; readonly hasBias?: boolean },
): Translated => {
  const windows = {
    kernel: attributes.window('kernel_size'),
    stride: attributes.window('strides', 1),
    dilation: attributes.window('dilation_rate', 1),
    padding: attributes.oneOf('padding', ['valid', 'same', 'causal'], 'valid'),
  }
  channelsLast(attributes)
  attributes.only('rank', 1)
  const bias = hasBias ?? attributes.flag('use_bias', true)
  const layer = weighted(convolution(filters, { ...windows, groups, bias }), kernelName, bias && 'bias')
  if (features === undefined) throw unclear(attributes.where, 'a known number of features', 'null')
  const after = hasBias === undefined ? activationIn(attributes) : []
  return { parts: [layer, ...after], shape: [stepsOf(steps, windows), filters] }
}

/** A convolution of each feature alone: the kernel is [steps, features, multiplier]. */
const depthwiseOf = (attributes: Attributes, input: Shape, name: string, hasBias?: boolean): Translated => {
  const [features] = input.slice(-1)
  if (features === undefined) throw unclear(attributes.where, 'a known number of features', 'null')
  const filters = features * attributes.count('depth_multiplier', 1)
  const { parts: [layer, ...others], shape } = convolutionOf(attributes, input, name, {
    filters, groups: features, ...(hasBias !== undefined && { hasBias }),
  })
  const { blueprint, weights: [group] } = layer!
  const kernel = Number(blueprint.options?.['kernel'])
  const weights = [{ ...group!, as: [{ name: 'kernel', shape: [kernel, 1, filters] }] }]
  return { parts: [{ blueprint, weights }, ...others], shape }
}

type Pooling = Pick<Windows, 'kernel' | 'stride'> & { readonly padding: 'valid' | 'same' }

const pooled = (make: (options: Pooling) => unknown): Translate =>
  (attributes, [steps, features]) => {
    const kernel = attributes.window('pool_size', 2)
    const stride = attributes.window('strides', kernel)
    const padding = attributes.oneOf('padding', ['valid', 'same'], 'valid')
    channelsLast(attributes)
    const shape = [stepsOf(steps, { kernel, stride, padding, dilation: 1 }), features]
    return { parts: [plain(make({ kernel, stride, padding }))], shape }
  }

const expectNoTime = (attributes: Attributes): void => {
  channelsLast(attributes)
  attributes.only('keepdims', false)
}

/** Layers that change the steps of a sequence. */
export const layersOverTime: { readonly [type: string]: Translate } = {
  Conv1D: (attributes, input) => convolutionOf(attributes, input, 'kernel', {
    filters: attributes.count('filters'), groups: attributes.count('groups', 1),
  }),
  DepthwiseConv1D: (attributes, input) => depthwiseOf(attributes, input, 'kernel'),
  SeparableConv1D(attributes, input) {
    const [filters, bias] = [attributes.count('filters'), attributes.flag('use_bias', true)]
    const { parts: [depthwise], shape } = depthwiseOf(attributes, input, 'depthwise_kernel', false)
    const [steps, width] = shape as [number | undefined, number]
    const pointwise: LayerPart = {
      blueprint: convolution(filters, { kernel: 1, bias }) as LayerPart['blueprint'],
      weights: [{
        path: '', under: '', names: ['pointwise_kernel', ...(bias ? ['bias'] : [])], first: 1,
        as: [{ name: 'kernel', shape: [1, width, filters] }],
      }],
    }
    return { parts: [depthwise!, pointwise, ...activationIn(attributes)], shape: [steps, filters] }
  },
  Conv1DTranspose(attributes, [steps]) {
    const [filters, kernel] = [attributes.count('filters'), attributes.window('kernel_size')]
    const [stride, bias] = [attributes.window('strides', 1), attributes.flag('use_bias', true)]
    const padding = attributes.oneOf('padding', ['valid', 'same'], 'valid')
    attributes.only('output_padding', null)
    if (attributes.window('dilation_rate', 1) !== 1) throw attributes.fault('dilation_rate', '1', 'more')
    if (kernel < stride) throw attributes.fault('kernel_size', `at least the strides, ${stride}`, kernel)
    channelsLast(attributes)
    const layer = transposedConvolution(filters, { kernel, stride, padding, bias })
    const longer = steps === undefined ? undefined : steps * stride + (padding === 'valid' ? kernel - stride : 0)
    return { parts: [weighted(layer, 'kernel', bias && 'bias'), ...activationIn(attributes)], shape: [longer, filters] }
  },
  UpSampling1D(attributes, [steps, features]) {
    const factor = attributes.window('size', 2)
    return { parts: [plain(upSample(factor))], shape: [steps === undefined ? undefined : steps * factor, features] }
  },
  MaxPooling1D: pooled(maxPool),
  AveragePooling1D: pooled(averagePool),
  GlobalAveragePooling1D(attributes, [, features]) {
    expectNoTime(attributes)
    return { parts: [plain(meanPool())], shape: [features] }
  },
  GlobalMaxPooling1D(attributes, [, features]) {
    expectNoTime(attributes)
    return { parts: [plain(globalMaxPool())], shape: [features] }
  },
}
