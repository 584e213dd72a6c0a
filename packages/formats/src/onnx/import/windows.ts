import {
  averagePool, convolution, dense, globalMaxPool, maxPool, pad, type PadOptions, type Padding,
} from '@recurra/layers'
import { meanPool } from '@recurra/rnn'
import { expectAxes, expectFeaturesAt, expectTimeAt, featuresAxis, reducedAxes, withAxis } from './axes.ts'
import { unsupported } from './faults.ts'
import { oneFeature } from './formulas.ts'
import { convolutionWeight, transposedValues } from './gate-columns.ts'
import { layerNode, partialNode } from './layers.ts'
import {
  constantAt, flowAt, numbersAt, numbersOf, type Operator, type OperatorCall, type Operators,
} from './operator.ts'
import { sumOf, windowsIn } from './sizes.ts'
import { Axis, type Flow, type LayerGraph } from './values.ts'

/** Windows over time of an operator: [batch, features, time]. */
interface Windows {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly padding: Padding
  /** What they read, without padding that they take over. */
  readonly from: LayerGraph
  readonly time: Axis
}

/**
 * The windows of an operator, and the axis of time behind them.
 * @throws `ValueError` if it is not over one axis of time, or its padding is one that Recurra has not.
 */
const windowsOf = (call: OperatorCall, x: Flow, kernel: number): Windows => {
  const { attributes, where } = call
  expectAxes(x, ['batch', 'features', 'time'], where)
  const [stride, dilation] = [attributes.integers('strides')?.[0] ?? 1, attributes.integers('dilations')?.[0] ?? 1]
  if (attributes.integer('ceil_mode', 0) !== 0) throw unsupported(where, 'ceil_mode: 0', '1')
  const automatic = attributes.text('auto_pad', 'NOTSET')
  const reach = (kernel - 1) * dilation
  const own = automatic === 'VALID' ? [0, 0] : attributes.integers('pads') ?? [0, 0]
  const before = x.node.type === 'padded' || x.node.type === 'carried' ? x.node : undefined
  const [left = 0, right = 0] = before?.steps ?? []
  const padding = automatic === 'SAME_UPPER' ? 'same' : paddingOf(own[0]! + left, own[1]! + right, reach, stride)
  if (padding === undefined || automatic === 'SAME_LOWER')
    throw unsupported(
      where, 'as much padding on both sides, or all of it before the first step',
      automatic === 'SAME_LOWER' ? automatic : `${own[0]! + left} and ${own[1]! + right} steps`,
    )
  const time = x.axes[2]!
  const width = automatic === 'SAME_UPPER' ? 1 : 1 + reach - own[0]! - own[1]!
  const steps = windowsIn(time.size, width, stride)
  return {
    kernel, stride, dilation, padding, from: before?.from ?? x.node,
    time: steps === time.size ? time : new Axis(steps, { role: 'time' }),
  }
}

const paddingOf = (before: number, after: number, reach: number, stride: number): Padding | undefined => {
  if (before === 0 && after === 0) return 'valid'
  if (before === after) return before
  if (before === reach && after === 0) return 'causal'
  return stride === 1 && before === Math.floor(reach / 2) && after === Math.ceil(reach / 2) ? 'same' : undefined
}

const conv: Operator = (call) => {
  const { attributes, where, inputs } = call
  const [x, weight] = [oneFeature(flowAt(call, 0)), constantAt(call, 1)]
  const [filters = 0, features = 0, kernel = 0] = weight.shape
  if (weight.shape.length !== 3)
    throw unsupported(where, 'a convolution over one axis', `one over ${weight.shape.length - 2}`)
  const groups = attributes.integer('group', 1)
  const values = numbersOf(weight, where)
  const bias = inputs[2] ? numbersAt(call, 2) : undefined
  const pads = attributes.integers('pads') ?? [0, 0]
  const stride = attributes.integers('strides')?.[0] ?? 1
  const isDense = kernel === 1 && groups === 1 && stride === 1 && pads.every((pad) => pad === 0) && x.axes.length === 3
  if (isDense && x.node.type !== 'padded' && x.node.type !== 'carried') {
    expectFeaturesAt(x, 1, where, features)
    const params = { weight: transposedValues(values, filters, features), ...(bias && { bias }) }
    return withAxis(x, layerNode(x.node, filters, dense(filters, { bias: !!bias }), params), 1, featuresAxis(filters))
  }
  const { from, time, ...windows } = windowsOf(call, x, kernel)
  expectFeaturesAt(x, 1, where, features * groups)
  const params = { weight: convolutionWeight(values, filters, features, kernel), ...(bias && { bias }) }
  const options = { ...optionsOf(windows), ...(groups > 1 && { groups }), ...(!bias && { bias: false }) }
  const reach = (kernel - 1) * windows.dilation
  const node = layerNode(from, filters, convolution(filters, options), params, {
    overTime: true,
    ...(windows.padding === reach && windows.stride === 1 && from === x.node && {
      paddedEnd: { steps: reach, time: x.axes[2]! },
    }),
  })
  return { kind: 'flow', node, axes: [x.axes[0]!, featuresAxis(filters), time] }
}

/** Options without those that have their defaults. */
const optionsOf = ({ kernel, stride, dilation, padding }: Omit<Windows, 'from' | 'time'>): {
  readonly kernel: number; readonly stride?: number; readonly dilation?: number; readonly padding?: Padding
} => ({
  kernel, ...(stride > 1 && { stride }), ...(dilation > 1 && { dilation }), ...(padding !== 'valid' && { padding }),
})

const pool = (make: typeof maxPool | typeof averagePool): Operator => (call) => {
  const { attributes, where } = call
  const x = flowAt(call, 0)
  const shape = attributes.integers('kernel_shape') ?? []
  if (shape.length !== 1) throw unsupported(where, 'a pool over one axis', `one over ${shape.length}`)
  const { from, time, dilation, padding, ...windows } = windowsOf(call, x, shape[0]!)
  if (dilation > 1) throw unsupported(where, 'dilations: 1', String(dilation))
  const included = attributes.integer('count_include_pad', 0) === 1
  const options = {
    ...windows, ...(padding !== 'valid' && { padding: padding as number }), ...(included && { countIncludePad: true }),
  }
  const node = layerNode(from, undefined, make(options), {}, { overTime: true })
  return { kind: 'flow', node, axes: [...x.axes.slice(0, 2), time] }
}

/** The mean or the maximum over time, which keeps an axis of size 1. */
const globalPool = (make: typeof meanPool | typeof globalMaxPool): Operator => (call) => {
  const x = flowAt(call, 0)
  expectAxes(x, ['batch', 'features', 'time'], call.where)
  return poolOverTime(x, 2, true, make())
}

/** A pool over all steps. */
export const poolOverTime = (x: Flow, at: number, keep: boolean, pool: unknown): Flow => {
  const node = layerNode(x.node, undefined, pool, {}, { overTime: true })
  return { kind: 'flow', node, axes: reducedAxes(x, at, keep) }
}

/** Steps before and behind a sequence: zeros are left to the windows that follow. */
const padded: Operator = (call) => {
  const { attributes, where } = call
  const x = flowAt(call, 0)
  const mode = attributes.text('mode', 'constant')
  const pads = attributes.integers('pads') ?? Array.from(numbersAt(call, 1) ?? [])
  const value = attributes.float('value', call.inputs[2] ? numbersAt(call, 2)![0]! : 0)
  const rank = x.axes.length
  const axes = x.axes.flatMap((_, i) => (pads[i] === 0 && pads[i + rank] === 0 ? [] : [i]))
  if (axes.length === 0) return x
  const [at] = axes as [number]
  const steps = [pads[at]!, pads[at + rank]!] as const
  if (axes.length > 1 || steps.some((each) => each < 0)) throw unsupported(where, 'padding of one axis', `[${pads}]`)
  const modes: { readonly [mode: string]: PadOptions['mode'] } = { constant: 'zero', reflect: 'reflect', edge: 'edge' }
  const known = modes[mode]
  if (!known || (mode === 'constant' && value !== 0))
    throw unsupported(where, 'padding with 0, reflect or edge', mode === 'constant' ? String(value) : `mode '${mode}'`)
  const { size } = expectTimeAt(x, at, where)
  const longer = new Axis(sumOf(size, steps[0] + steps[1]), { role: 'time' })
  if (known === 'zero') return withAxis(x, partialNode('padded', x.node, where, { steps }), at, longer)
  const mirrored = pad({ before: steps[0], after: steps[1], mode: known })
  return withAxis(x, layerNode(x.node, undefined, mirrored, {}, { overTime: true }), at, longer)
}

export const windowOperators: Operators = {
  Conv: conv, MaxPool: pool(maxPool), AveragePool: pool(averagePool), Pad: padded,
  GlobalAveragePool: globalPool(meanPool), GlobalMaxPool: globalPool(globalMaxPool),
}
