import type { Blueprint, Layer } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { directionsOf, type Own } from '../parameters/children.ts'
import type { Attributes } from './graph.ts'
import type { Translation } from './translation.ts'

/** How ONNX has a cell: its operator, where its gates stand among ours, and its state. */
interface Operator {
  readonly name: string
  readonly gates: readonly number[]
  readonly state: readonly string[]
  readonly attributes?: Attributes
}

const operators: { readonly [type: string]: Operator } = {
  rnn: { name: 'RNN', gates: [0], state: ['h'] },
  rnnRelu: { name: 'RNN', gates: [0], state: ['h'], attributes: { activations: ['Relu'] } },
  lstm: { name: 'LSTM', gates: [0, 3, 1, 2], state: ['h', 'c'] }, // ours i f g o, ONNX i o f c
  gru: { name: 'GRU', gates: [1, 0, 2], state: ['h'], attributes: { linear_before_reset: 1 } }, // ours r z n, ONNX z r h
  gruResetBefore: { name: 'GRU', gates: [1, 0, 2], state: ['h'], attributes: { linear_before_reset: 0 } },
}

/** The operator for a recurrent layer, in one direction or both; `undefined` where ONNX has none. */
const operatorFor = (layer: Layer): Operator | undefined => {
  const [first, ...rest] = directionsOf(layer).map(({ type }) => type)
  return rest.every((type) => type === first) ? operators[first!] : undefined
}

/** Whether ONNX has an operator for a layer. */
export const isRecurrentOperator = (layer: Layer): boolean => operatorFor(layer) !== undefined

/** At inference zoneout gives the expected state, which is not what the operator computes. */
const expectNoZoneout = ({ type, options = {} }: Blueprint, path: string): void => {
  const { zoneout } = ((options['of'] as Blueprint | undefined)?.options ?? options)
  if (zoneout !== undefined)
    throw new ConfigurationError({ where: 'exportOnnx', expected: 'recurrent layers without zoneout', got: `${type} (layer ${path})`, fix: 'Run this model with Recurra.' })
}

/** x [time, batch, features] -> y [time, batch, directions · units], by RNN, LSTM or GRU. */
export const recurrentTranslation: Translation = (x, { graph, layer, path, blueprint, lengths, carried }) => {
  expectNoZoneout(blueprint, path)
  const { name, gates, state, attributes = {} } = operatorFor(layer)!
  const directions = directionsOf(layer)
  const [units, features] = [directions[0]!.out.size, layer.in.size]
  const packed = (width: number, rowsOf: (own: Own, direction: Layer) => ArrayLike<number>): number[] =>
    directions.flatMap((direction) => gateRows(rowsOf(direction.params as Own, direction), gates, units, width))
  const read = ({ backend }: Layer, own: Own, parameter: string): ArrayLike<number> =>
    own[parameter] ? backend.read(own[parameter].value) : new Float32Array(gates.length * units)
  const biases = directions.flatMap((direction) => ['bias', 'recurrentBias'].flatMap((parameter) => gateRows(read(direction, direction.params as Own, parameter), gates, units, 1)))
  const count = directions.length
  const initial = state.map((slot) => (carried ? graph.input(`${path}.${slot}`, 'float', [count, 'batch', units], `The state ${slot} before the first step.`) : ''))
  const inputs = [
    x,
    graph.floats(`${path}.W`, [count, gates.length * units, features], packed(features, (own, direction) => read(direction, own, 'weight'))),
    graph.floats(`${path}.R`, [count, gates.length * units, units], packed(units, (own, direction) => read(direction, own, 'recurrentWeight'))),
    graph.floats(`${path}.B`, [count, 2 * gates.length * units], biases),
    lengths ?? '',
    ...initial,
  ]
  while (inputs.at(-1) === '') inputs.pop()
  const direction = count === 2 ? 'bidirectional' : blueprint.options?.['reverse'] === true ? 'reverse' : 'forward'
  const both = attributes['activations'] && count === 2 ? { activations: ['Relu', 'Relu'] } : {}
  const [y, ...final] = graph.nodeOf(name, inputs, 1 + state.length, { hidden_size: units, direction, ...attributes, ...both })
  if (carried) state.forEach((slot, i) => graph.output(`${path}.${slot}.next`, final[i]!, [count, 'batch', units], `The state ${slot} after the last step.`))
  // ONNX: [time, directions, batch, units]
  return count === 1
    ? graph.node('Squeeze', [y!, graph.integers([1], [1])])
    : graph.node('Reshape', [graph.node('Transpose', [y!], { perm: [0, 2, 1, 3] }), graph.integers([3], [0, 0, -1])])
}

/** Columns of ours, [width, gates · units], as rows of ONNX, [gates · units, width], gate by gate in its order. */
const gateRows = (values: ArrayLike<number>, gates: readonly number[], units: number, width: number): number[] =>
  gates.flatMap((gate) => Array.from({ length: units * width }, (_, i) =>
    values[(i % width) * gates.length * units + gate * units + Math.floor(i / width)]!))
