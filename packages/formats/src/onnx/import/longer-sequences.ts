import { transposedConvolution, upSample, type Padding } from '@recurra/layers'
import { cropOf } from '@recurra/layers/authoring'
import { expectAxes, expectFeaturesAt, featuresAxis, withAxis } from './axes.ts'
import { unsupported } from './faults.ts'
import { oneFeature } from './formulas.ts'
import { transposedConvolutionWeight } from './gate-columns.ts'
import { layerNode } from './layers.ts'
import { constantAt, flowAt, numbersAt, numbersOf, type Operator, type Operators } from './operator.ts'
import { Axis } from './values.ts'

/** The axis of time with more steps, if their number is known. */
const longer = ({ size }: Axis, where: string, steps: (of: number) => number): Axis =>
  new Axis(typeof size === 'number' ? steps(size) : `steps of ${where}`, { role: 'time' })

const convTranspose: Operator = (call) => {
  const { attributes, where, inputs } = call
  const [x, weight] = [oneFeature(flowAt(call, 0)), constantAt(call, 1)]
  expectAxes(x, ['batch', 'features', 'time'], where)
  const [features = 0, filters = 0, kernel = 0] = weight.shape
  if (weight.shape.length !== 3)
    throw unsupported(where, 'a convolution over one axis', `one over ${weight.shape.length - 2}`)
  const groups = attributes.integer('group', 1)
  if (groups !== 1) throw unsupported(where, 'one group', String(groups))
  if ((attributes.integers('dilations')?.[0] ?? 1) !== 1) throw unsupported(where, 'dilations: 1', 'others')
  if (attributes.has('output_shape') || attributes.text('auto_pad', 'NOTSET') !== 'NOTSET')
    throw unsupported(where, 'pads', 'a shape of the output')
  const stride = attributes.integers('strides')?.[0] ?? 1
  if (kernel < stride) throw unsupported(where, `a kernel of at least the stride, ${stride}`, String(kernel))
  const [before = 0, behind = 0] = attributes.integers('pads') ?? []
  const after = behind - (attributes.integers('output_padding')?.[0] ?? 0)
  const paddings: readonly Padding[] = ['valid', 'same', 'causal', before]
  const padding = paddings.find((one) => cropOf({ kernel, stride, padding: one }).join() === `${before},${after}`)
  if (padding === undefined)
    throw unsupported(where, 'as much padding on both sides, or all of it behind', `${before} and ${after} steps`)
  expectFeaturesAt(x, 1, where, features)
  const bias = inputs[2] ? numbersAt(call, 2) : undefined
  const values = transposedConvolutionWeight(numbersOf(weight, where), features, filters, kernel)
  const layer = transposedConvolution(filters, {
    kernel, ...(stride > 1 && { stride }), ...(padding !== 'valid' && { padding }), ...(!bias && { bias: false }),
  })
  const node = layerNode(x.node, filters, layer, { weight: values, ...(bias && { bias }) }, { overTime: true })
  const time = longer(x.axes[2]!, where, (steps) => (steps - 1) * stride + kernel - before - after)
  return { kind: 'flow', node, axes: [x.axes[0]!, featuresAxis(filters), time] }
}

/** Every step several times, as the nearest one. */
const resize: Operator = (call) => {
  const { attributes, where, opset } = call
  const x = flowAt(call, 0)
  expectAxes(x, ['batch', 'features', 'time'], where)
  const scales = numbersAt(call, opset < 11 ? 1 : 2)
  const factor = scales?.[2] ?? 0
  if (scales?.length !== 3 || scales[0] !== 1 || scales[1] !== 1 || !Number.isInteger(factor) || factor < 1)
    throw unsupported(where, 'scales [1, 1, n], an integer for the steps', `[${Array.from(scales ?? [])}]`)
  const [mode, transformation] = [attributes.text('mode', 'nearest'), 'coordinate_transformation_mode']
  const nearest = mode === 'nearest' && (opset < 11 ||
    (attributes.text(transformation, 'half_pixel') === 'asymmetric' &&
    attributes.text('nearest_mode', 'round_prefer_floor') === 'floor'))
  if (!nearest) throw unsupported(where, "mode 'nearest', asymmetric, with nearest_mode 'floor'", `mode '${mode}'`)
  const node = layerNode(x.node, undefined, upSample(factor), {}, { overTime: true })
  return withAxis(x, node, 2, longer(x.axes[2]!, where, (steps) => steps * factor))
}

/** Operators that give more steps than they read. */
export const longerSequences: Operators = { ConvTranspose: convTranspose, Resize: resize, Upsample: resize }
