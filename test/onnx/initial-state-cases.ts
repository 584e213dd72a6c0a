import type { Graph } from '../../packages/formats/src/onnx/graph.ts'
import { batch, of, recurrent, units, type OperatorCase } from './operator-case.ts'

/** The same values for each sequence: [directions, batch, units]. */
const constant = (label: string, ...directions: readonly (readonly number[])[]) => (graph: Graph): string =>
  graph.floats(label, [directions.length, batch, units], directions.flatMap((own) => [...own, ...own]))

/** A learned start, for as many sequences as there are: x is [time, batch, features]. */
const forEach = (operator: 'Expand' | 'Tile', layers: readonly (readonly number[])[]) =>
  (graph: Graph, x: string): string => {
    const learned = graph.floats('h', [layers.length, 1, units], layers.flat())
    const size = graph.node('Gather', [graph.node('Shape', [x]), graph.integers([1], [1])])
    const one = operator === 'Tile' ? 1 : units
    const shape = graph.node('Concat', [graph.integers([1], [1]), size, graph.integers([1], [one])], { axis: 0 })
    return graph.node(operator, [learned, shape])
  }

const inTime = { timeMajor: true }
const [h, c] = [constant('h', [0.8, -0.6]), constant('c', [-1.2, 0.9])]
const both = constant('h', [0.8, -0.6], [-0.3, 0.7])
const together = (...all: readonly ((graph: Graph) => string)[]) => (graph: Graph): string[] =>
  all.map((one) => one(graph))

/** Recurrent operators that start at constants. */
export const initialStateCases: readonly OperatorCase[] = [
  of('an RNN that starts elsewhere', recurrent('RNN', {}, { starts: together(h) }), inTime),
  of('a backward RNN with a limit that starts elsewhere', recurrent('RNN', {
    clip: { float: 0.4 }, direction: 'reverse',
  }, { starts: together(h) }), inTime),
  of('a GRU that starts elsewhere, whose reset comes first', recurrent('GRU', {}, { starts: together(h) }), inTime),
  of('a GRU that starts elsewhere in each direction', recurrent('GRU', {
    linear_before_reset: 1, direction: 'bidirectional',
  }, { directions: 2, starts: together(both) }), inTime),
  of('an LSTM that starts elsewhere', recurrent('LSTM', {}, { starts: together(h, c) }), inTime),
  of('an LSTM whose output starts elsewhere', recurrent('LSTM', {}, { starts: together(h) }), inTime),
  of('an LSTM with peepholes whose cell starts elsewhere', recurrent('LSTM', {}, {
    peepholes: true, starts: together(() => '', c),
  }), inTime),
  of('an LSTM that starts elsewhere, with other functions in each direction', recurrent('LSTM', {
    direction: 'bidirectional', activations: ['Sigmoid', 'Tanh', 'Tanh', 'HardSigmoid', 'Softsign', 'Tanh'],
  }, { directions: 2, starts: together(both, constant('c', [-1.2, 0.9], [0, 0])) }), inTime),
  of('a GRU with a learned start', recurrent('GRU', { linear_before_reset: 1 }, {
    starts: (graph, x) => [forEach('Expand', [[0.8, -0.6]])(graph, x)],
  }), inTime),
  of('an RNN with a learned start, repeated', recurrent('RNN', {}, {
    starts: (graph, x) => [forEach('Tile', [[0.8, -0.6]])(graph, x)],
  }), inTime),
  of('a GRU with the learned start of its layer', recurrent('GRU', { linear_before_reset: 1 }, {
    starts: (graph, x) => [graph.node('Slice', [
      forEach('Tile', [[9, 9], [0.8, -0.6]])(graph, x), ...[1, 2, 0].map((at) => graph.integers([1], [at])),
    ])],
  }), inTime),
]
