import { int8Of, integersOf, type Int8Matrix } from '@recurra/backend'
import type { Blueprint, Layer } from '@recurra/layers'
import { Bidirectional, type CellDefinition, type RNNLayer } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import { scaleOf } from '../parameters/int8-parameters.ts'
import type { Own } from '../parameters/layout.ts'
import { gateFunctions } from './gate-functions.ts'
import { scaled, type Translated, type Translation, type ValueName } from './translation.ts'

/** A cell in ONNX. */
export interface RecurrentOperator {
  readonly name: 'RNN' | 'LSTM' | 'GRU'
  /** The positions of its gates among ours. */
  readonly gates: readonly number[]
  /** The slots of its state. */
  readonly state: readonly string[]
  /** Its activations, if they are not the default ones. */
  readonly activations?: readonly string[]
  /** For a GRU: whether the reset comes after the product. */
  readonly resetAfter?: boolean
}

/** x [time, batch, features] -> y [time, batch, directions · units], by RNN, LSTM or GRU, in one direction or both. */
export const recurrentOperator =
  ({ name, gates, state, activations, resetAfter }: RecurrentOperator): Translation =>
  (x, to) => {
    const { graph, layer, path, blueprint, lengths, carried } = to
    expectNoZoneout(blueprint, path)
    const directions = layer instanceof Bidirectional ? [layer.forward, layer.backward] : [layer]
    const cellsOf = (directions as readonly unknown[] as readonly RNNLayer[]).map(({ cell }) => cell)
    const where = `exportOnnx (layer ${path})`
    if ('projectionWeight' in directions[0]!.params)
      throw new ConfigurationError({
        where,
        expected: 'a recurrent layer without projection',
        got: layer.type,
        fix: 'ONNX has none: export the model as JavaScript, or run it with Recurra.',
      })
    const [count, units, features] = [directions.length, directions[0]!.out.size, layer.in.size]
    const rows = (all: readonly ArrayLike<number>[], width: number): number[] =>
      all.flatMap((values) => gateRows(values, gates, units, width))
    const [height, biases] = [gates.length * units, ['bias', 'recurrentBias']]
    const weights = (called: string, parameter: string, width: number): ValueName => {
      const [at, shape] = [`${path}.${called}`, [count, height, width]]
      const int8 = int8In(directions, parameter)
      if (!int8) return graph.floats(at, shape, rows(directions.map((one) => read(one, parameter, height)), width))
      const integers = graph.int8(at, shape, rows(int8.map(integersOf), width))
      const scales = rows(int8.map((one) => one.scales), 1)
      return scaled(graph, integers, graph.floats(scaleOf(at), [count, height, 1], scales))
    }
    const initial = state.map((slot) =>
      carried
        ? graph.input(`${path}.${slot}`, 'float', [count, 'batch', units], `The state ${slot} before the first step.`)
        : '',
    )
    const inputs = [
      x,
      weights('W', 'weight', features),
      weights('R', 'recurrentWeight', units),
      graph.floats(
        `${path}.B`, [count, 2 * height],
        rows(directions.flatMap((one) => biases.map((bias) => read(one, bias, height))), 1),
      ),
      lengths ?? '',
      ...initial,
    ]
    while (inputs.at(-1) === '') inputs.pop()
    const [y, ...final] = graph.nodeOf(name, inputs, 1 + state.length, {
      hidden_size: units,
      direction: count === 2 ? 'bidirectional' : blueprint.options?.['reverse'] === true ? 'reverse' : 'forward',
      ...(activations && { activations: directions.flatMap(() => activations) }),
      ...(!usual(cellsOf) && gateFunctions(cellsOf, name, where)),
      ...(resetAfter !== undefined && { linear_before_reset: Number(resetAfter) }),
    })
    if (carried)
      state.forEach((slot, i) =>
        graph.output(
          `${path}.${slot}.next`,
          kept(final[i]!, initial[i]!, to),
          [count, 'batch', units],
          `The state ${slot} after the last step.`,
        ),
      )
    // ONNX: [time, directions, batch, units]
    return count === 1
      ? graph.node('Squeeze', [y!, graph.integers([1], [1])])
      : graph.node('Reshape', [graph.node('Transpose', [y!], { perm: [0, 2, 1, 3] }), graph.integers([3], [0, 0, -1])])
  }

/** The default activations of an operator. */
const usual = (cells: readonly CellDefinition[]): boolean =>
  cells.every(
    ({ activations: { activation = 'tanh', recurrentActivation = 'sigmoid' } }) =>
      activation === 'tanh' && recurrentActivation === 'sigmoid',
  )

/** A sequence of length 0 keeps its state; ONNX Runtime would return 0. */
const kept = (final: ValueName, initial: ValueName, { graph, lengths }: Translated): ValueName => {
  if (!lengths) return final
  const some = graph.node('Cast', [lengths], { to: 9 }) // [batch], bool
  return graph.node('Where', [graph.node('Unsqueeze', [some, graph.integers([1], [1])]), final, initial])
}

/** A weight of all directions, if it is int8 with a scale per output unit in each of them. */
const int8In = (directions: readonly Layer[], parameter: string): Int8Matrix[] | undefined => {
  const all = directions.flatMap(({ params }) => int8Of((params as Own)[parameter]!.value) ?? [])
  return all.length === directions.length && all.every(({ axis }) => axis === 1) ? all : undefined
}

const read = ({ backend, params }: Layer, parameter: string, size: number): ArrayLike<number> => {
  const own = (params as Own)[parameter]
  return own ? backend.read(own.value) : new Float32Array(size)
}

/** At inference, zoneout gives the expected state, which the operator cannot compute. */
const expectNoZoneout = ({ type, options = {} }: Blueprint, path: string): void => {
  const { zoneout } = ((options['of'] as Blueprint | undefined)?.options ?? options)
  if (zoneout !== undefined)
    throw new ConfigurationError({
      where: 'exportOnnx',
      expected: 'recurrent layers without zoneout',
      got: `${type} (layer ${path})`,
      fix: 'Run this model with Recurra.',
    })
}

/** Columns of ours, [width, gates · units], as rows of ONNX, [gates · units, width], gate by gate in its order. */
const gateRows = (values: ArrayLike<number>, gates: readonly number[], units: number, width: number): number[] =>
  gates.flatMap((gate) => Array.from({ length: units * width }, (_, i) =>
    values[(i % width) * gates.length * units + gate * units + Math.floor(i / width)]!))
