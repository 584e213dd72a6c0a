import { bothDirections } from '../../layers/bidirectional.ts'
import { expectAxes, expectFeaturesAt, featuresAxis } from './axes.ts'
import { damaged, unsupported } from './faults.ts'
import { sliceOf } from './formulas.ts'
import { gateColumns } from './gate-columns.ts'
import { startOf } from './gate-formulas.ts'
import type { RecurrentKind } from './gate-functions.ts'
import { initialStateAt, isCarried } from './initial-state.ts'
import { firstOf, lastOf, layerNode } from './layers.ts'
import {
  constantAt, flowAt, numbersOf, type Operator, type OperatorCall, type Operators,
} from './operator.ts'
import { dequantizedAt } from './quantized-weights.ts'
import { merged } from './merge.ts'
import { recurrentCells } from './recurrent-cell.ts'
import { Axis, type Constant, type Flow, type LayerNode, type LayerParams, type Value } from './values.ts'

/** The positions of the gates of an operator among ours. */
const gatesOf = { RNN: [0], GRU: [1, 0, 2], LSTM: [0, 3, 1, 2] } as const
/** Those of an LSTM without a forget gate of its own. */
const coupledGates = [0, 2, -1, 1] as const

const directions = { forward: 1, reverse: 1, bidirectional: 2 } as const

const known: readonly string[] = [
  'activation_alpha', 'activation_beta', 'activations', 'clip', 'direction', 'hidden_size', 'input_forget', 'layout',
  'linear_before_reset', 'output_sequence',
]

/** RNN, GRU and LSTM; `weightAt` gives W or R as [directions, gates · units, width]. */
const recurrent = (kind: RecurrentKind, weightAt: typeof plainWeightAt): Operator => (call) => {
  const { attributes, where } = call
  const coupled = kind === 'LSTM' && attributes.integer('input_forget', 0) !== 0
  const gates: readonly number[] = coupled ? coupledGates : gatesOf[kind]
  const refused = (expected: string, got: string): Error => unsupported(where, expected, got)
  const strange = attributes.names.find((name) => !known.includes(name))
  if (strange !== undefined) throw refused('attributes of the standard', strange)
  const x = flowAt(call, 0)
  const direction = attributes.text('direction', 'forward')
  if (!Object.hasOwn(directions, direction)) throw refused('a direction', direction)
  const count = directions[direction as keyof typeof directions]
  const batchFirst = attributes.integer('layout', 0) === 1
  expectAxes(x, batchFirst ? ['batch', 'time', 'features'] : ['time', 'batch', 'features'], where)
  expectLengths(call, 4)
  const W = weightAt(call, 1)
  const R = weightAt(call, 2)
  const [units, features] = [R.shape[2] ?? 0, W.shape[2] ?? 0]
  const height = gates.length * units
  expectShape(W, [count, height, features], where)
  expectShape(R, [count, height, units], where)
  expectFeaturesAt(x, 2, where, features)
  const B = call.inputs[3] ? constantAt(call, 3) : undefined
  if (B) expectShape(B, [count, 2 * height], where)
  const P = kind === 'LSTM' && call.inputs[7] ? constantAt(call, 7) : undefined
  if (P) expectShape(P, [count, 3 * units], where)

  const slots = kind === 'LSTM' ? ['h', 'c'] : ['h']
  const starts = slots.map((_, i) => initialStateAt(call, 5 + i, { directions: count, units, batchFirst }))
  const start = starts.some(Boolean)
  if (start && slots.some((_, i) => isCarried(call.inputs[5 + i])))
    throw refused('initial states that are all constant, or all inputs of the graph', 'one of each')

  const paramsOf = (d: number): LayerParams => {
    const columns = (of: Constant, width: number, from: number): Float32Array =>
      gateColumns(numbersOf(of, where), from, gates, units, width)
    return {
      weight: columns(W, features, d * height * features),
      recurrentWeight: columns(R, units, d * height * units),
      ...(B && { bias: columns(B, 1, 2 * d * height), recurrentBias: columns(B, 1, (2 * d + 1) * height) }),
      ...(P && Object.fromEntries(['peepI', 'peepO', 'peepF'].slice(0, coupled ? 2 : 3).map((name, i) =>
        [name, Float32Array.from(numbersOf(P, where)).subarray((3 * d + i) * units, (3 * d + i + 1) * units)]))),
      ...(start && Object.fromEntries(slots.map((slot, i) =>
        [startOf(slot), starts[i]?.[d] ?? new Float32Array(units)]))),
    }
  }
  const makes = recurrentCells(kind, call, count, { coupled, peepholes: P !== undefined, start })
  const make = makes[0]!
  const options = B ? {} : { biases: 0 as const }
  const blueprint = count === 2
    ? bothDirections((one) => make(units, { ...options, ...one }))
    : make(units, { ...options, ...(direction === 'reverse' && { reverse: true }) })
  const params = count === 1 ? paramsOf(0) : { ...within('forward.', paramsOf(0)), ...within('backward.', paramsOf(1)) }
  const [time, batch] = batchFirst ? [x.axes[1]!, x.axes[0]!] : [x.axes[0]!, x.axes[1]!]
  const everyCall = time.inserted
  if (everyCall && !isCarried(call.inputs[5]))
    throw refused('a state that is an input of the graph, for a layer that reads one step at a call', 'a state of 0')
  if (everyCall && direction !== 'forward') throw refused('to read one step at a call forward', direction)
  const goesOn = isCarried(call.inputs[5]) && typeof time.size === 'number'
  const apart = makes.some((other) => other !== make)
  if (apart && isCarried(call.inputs[5]))
    throw refused('a state of 0, where directions have other activations', 'a state that is an input of the graph')
  const alone = (d: number): LayerNode => layerNode(
    x.node, units, makes[d]!(units, { ...options, ...(d === 1 && { reverse: true }) }), paramsOf(d), { overTime: true },
  )
  const extras = { overTime: true, ...(everyCall ? { everyCall } : goesOn && { stepsPerCall: Number(time.size) }) }
  const node = apart
    ? merged(where, 'concat', [alone(0), alone(1)])
    : layerNode(x.node, count * units, blueprint, params, extras)
  const [both, own] = [new Axis(count, { role: 'directions' }), featuresAxis(units)]
  const y: Flow = { kind: 'flow', node, axes: batchFirst ? [batch, time, both, own] : [time, both, batch, own] }
  return [y, finals(y, units, direction, batch), ...(kind === 'LSTM' ? [{ kind: 'state' } as const] : [])]
}

/** The output of each direction after its last step: the backward one has read all at the first step. */
const finals = ({ node }: Flow, units: number, direction: string, batch: Axis): Value => {
  const parts = direction === 'bidirectional' ? ['forward', 'reverse'] : [direction]
  return {
    kind: 'final',
    directions: parts.map((one, d): Flow => {
      const read = parts.length === 1 ? node : sliceOf(node, d * units, (d + 1) * units)
      const end = one === 'forward' ? lastOf(read) : firstOf(read)
      const isOnly = node.type === 'layer' && node.everyCall
      return { kind: 'flow', node: isOnly ? read : end, axes: [batch, featuresAxis(units)] }
    }),
  }
}

const within = (path: string, params: LayerParams): LayerParams =>
  Object.fromEntries(Object.entries(params).map(([name, values]) => [path + name, values]))

const expectShape = ({ shape }: Constant, wanted: readonly number[], where: string): void => {
  if (shape.length === wanted.length && shape.every((size, i) => size === wanted[i])) return
  throw unsupported(where, `weights of shape [${wanted}]`, `[${shape}]`, damaged)
}

/** Lengths are passed to Recurra beside the values; a constant could not be. */
const expectLengths = (call: OperatorCall, at: number): void => {
  const lengths = call.inputs[at]
  if (!lengths || lengths.kind === 'mask' || (lengths.kind === 'flow' && lengths.node.type === 'input')) return
  throw unsupported(
    call.where, 'the lengths of the sequences as an input of the model', 'lengths that are computed or constant',
    'Leave them out, and pass lengths where the model runs.',
  )
}

const plainWeightAt = (call: OperatorCall, i: number): Constant => constantAt(call, i)

/** W and R lie the other way round in DynamicQuantizeLSTM, [directions, width, gates · units], in int8. */
const quantizedWeightAt = (call: OperatorCall, i: number): Constant => dequantizedAt(call, i, { 1: 8, 2: 10 }[i] ?? 0)

export const recurrentOperators: Operators = {
  RNN: recurrent('RNN', plainWeightAt), GRU: recurrent('GRU', plainWeightAt), LSTM: recurrent('LSTM', plainWeightAt),
  'com.microsoft.DynamicQuantizeLSTM': recurrent('LSTM', quantizedWeightAt),
}
