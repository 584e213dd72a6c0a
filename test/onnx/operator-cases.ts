import { features, of, recurrent, scored, units, type OperatorCase } from './operator-case.ts'

const float = (value: number): { readonly float: number } => ({ float: value })
const inTime = { timeMajor: true }

export const operatorCases: readonly OperatorCase[] = [
  of('a backward RNN with Relu', recurrent('RNN', { activations: ['Relu'], direction: 'reverse' }), inTime),
  of('a GRU whose reset comes first', recurrent('GRU'), inTime),
  of('a GRU in both directions', recurrent('GRU', {
    linear_before_reset: 1, direction: 'bidirectional',
  }, { directions: 2 }), inTime),
  of('an LSTM with peepholes', recurrent('LSTM', {}, { peepholes: true }), inTime),
  of('an LSTM with other gates', recurrent('LSTM', {
    activations: ['HardSigmoid', 'Tanh', 'Tanh'],
    activation_alpha: { floats: [0.2] }, activation_beta: { floats: [0.5] },
  }), inTime),
  of('an LSTM with a limit and peepholes', recurrent('LSTM', { clip: float(0.3) }, { peepholes: true }), inTime),
  of('an LSTM whose functions have numbers of their own', recurrent('LSTM', {
    activations: ['HardSigmoid', 'LeakyRelu', 'ScaledTanh'],
    activation_alpha: { floats: [0.25, 0.2, 1.5] }, activation_beta: { floats: [0.4, 0.5] },
  }), inTime),
  of('an LSTM whose forget gate is coupled, in both directions', recurrent('LSTM', {
    input_forget: 1, direction: 'bidirectional',
  }, { directions: 2 }), inTime),
  of('an LSTM whose forget gate is coupled, with peepholes', recurrent('LSTM', {
    input_forget: 1,
  }, { peepholes: true }), inTime),
  of('a GRU with a limit', recurrent('GRU', { clip: float(0.2), linear_before_reset: 1 }), inTime),
  of('a GRU with a limit, whose reset comes first', recurrent('GRU', { clip: float(0.2) }), inTime),
  of('an RNN with a limit and an affine function', recurrent('RNN', {
    clip: float(0.4), activations: ['Affine'], activation_alpha: { floats: [0.7] }, activation_beta: { floats: [0.1] },
  }), inTime),
  of('an RNN with other functions in each direction', recurrent('RNN', {
    direction: 'bidirectional', activations: ['Tanh', 'Relu'],
  }, { directions: 2 }), inTime),
  of('a GRU with other functions in each direction', recurrent('GRU', {
    direction: 'bidirectional', activations: ['Sigmoid', 'Tanh', 'HardSigmoid', 'Softsign'], linear_before_reset: 1,
  }, { directions: 2 }), inTime),
  of('a backward RNN with a threshold', recurrent('RNN', {
    activations: ['ThresholdedRelu'], activation_alpha: { floats: [0.1] }, direction: 'reverse',
  }), inTime),
  of('Gemm with its factors', (graph, x, draw) => graph.node('Gemm', [
    graph.node('Gather', [x, graph.integers([], [-1])], { axis: 1 }), draw('W', [5, features]), draw('b', [5]),
  ], { transB: 1, alpha: float(0.5), beta: float(2) })),
  of('arithmetic between halves of the features', (graph, x) => {
    const half = (from: number, to: number): string =>
      graph.node('Slice', [x, graph.integers([1], [from]), graph.integers([1], [to]), graph.integers([1], [-1])])
    const gate = graph.node('Sigmoid', [half(2, 4)])
    const power = graph.node('Pow', [half(0, 2), graph.floats('two', [], [2])])
    return graph.node('Sqrt', [graph.node('Add', [graph.node('Mul', [power, gate]), graph.floats('one', [], [1])])])
  }, { width: 4 }),
  of('a clip, a slope for each feature, and a hard swish', (graph, x, draw) => {
    const clipped = graph.node('Clip', [x, graph.floats('least', [], [-0.5]), graph.floats('most', [], [0.75])])
    return graph.node('HardSwish', [graph.node('PRelu', [clipped, draw('slope', [features])])])
  }),
  of('a convolution behind padding that mirrors', (graph, x, draw) => {
    const rows = graph.node('Transpose', [x], { perm: [0, 2, 1] })
    const padded = graph.node('Pad', [rows, graph.integers([6], [0, 0, 2, 0, 0, 1])], { mode: 'reflect' })
    const y = graph.node('Conv', [padded, draw('W', [4, features, 3]), draw('b', [4])], { kernel_shape: [3] })
    return graph.node('Transpose', [y], { perm: [0, 2, 1] })
  }),
  of('two convolutions, squared and added', (graph, x, draw) => {
    const rows = graph.node('Transpose', [x], { perm: [0, 2, 1] })
    const power = (label: string): string => {
      const y = graph.node('Conv', [rows, draw(label, [4, features, 3])], { kernel_shape: [3], strides: [2] })
      return graph.node('Pow', [y, graph.floats(`${label} squared`, [], [2])])
    }
    return graph.node('Transpose', [graph.node('Add', [power('cosines'), power('sines')])], { perm: [0, 2, 1] })
  }, { steps: 7, open: true }),
  of('a convolution with a window for every second of an odd number of steps, as one vector', (graph, x, draw) => {
    const rows = graph.node('Transpose', [x], { perm: [0, 2, 1] })
    const y = graph.node('Conv', [rows, draw('W', [2, features, 3])], {
      kernel_shape: [3], strides: [2], auto_pad: 'SAME_UPPER',
    })
    return graph.node('Gemm', [graph.node('Flatten', [y]), draw('V', [8, 2])])
  }, { steps: 7 }),
  of('a product with the steps of all sequences in one list', (graph, x, draw) => {
    const y = recurrent('LSTM', { direction: 'bidirectional' }, { directions: 2 })(graph, x, draw)
    const size = (axis: number): string => graph.node('Gather', [graph.node('Shape', [y]), graph.integers([], [axis])])
    const inList = (...sizes: readonly string[]): string =>
      graph.node('Concat', sizes.map((one) => graph.node('Unsqueeze', [one, graph.integers([1], [0])])), { axis: 0 })
    const rows = graph.node('Reshape', [y, inList(graph.node('Mul', [size(0), size(1)]), size(2))])
    const product = graph.node('Gemm', [rows, draw('V', [3, 2 * units]), draw('c', [3])], { transB: 1 })
    return graph.node('Reshape', [product, inList(size(0), size(1), graph.integers([], [-1]))])
  }, { ...inTime, open: true }),
  of('a product with the steps of all sequences in a list of any length', (graph, x, draw) => {
    const size = (axis: number): string => graph.node('Slice', [
      graph.node('Shape', [x]), graph.integers([1], [axis]), graph.integers([1], [axis + 1]),
    ])
    const rows = graph.node('Reshape', [graph.node('Tanh', [x]), graph.integers([2], [-1, features])])
    const product = graph.node('Gemm', [rows, draw('V', [3, features]), draw('c', [3])], { transB: 1 })
    return graph.node('Reshape', [product, graph.node('Concat', [size(0), graph.integers([2], [-1, 3])], { axis: 0 })])
  }, { open: true }),
  of('steps weighted by a softmax over time, and summed', (graph, x, draw) => {
    const [steps, scores] = scored(graph, x, draw)
    const weighted = graph.node('Mul', [graph.node('Softmax', [scores], { axis: 0 }), steps])
    return graph.node('ReduceSum', [weighted, graph.integers([1], [0])], { keepdims: 0 })
  }, inTime),
  of('a product of a softmax over time with the steps', (graph, x, draw) => {
    const [steps, scores] = scored(graph, x, draw)
    const weights = graph.node('Softmax', [graph.node('Transpose', [scores], { perm: [1, 2, 0] })], { axis: 2 })
    const pooled = graph.node('MatMul', [weights, graph.node('Transpose', [steps], { perm: [1, 0, 2] })])
    return graph.node('Squeeze', [pooled, graph.integers([1], [1])])
  }, inTime),
  of('a product of the steps with a softmax over time', (graph, x, draw) => {
    const [steps, scores] = scored(graph, x, draw)
    const weights = graph.node('Softmax', [graph.node('Transpose', [scores], { perm: [1, 0, 2] })], { axis: 1 })
    const pooled = graph.node('MatMul', [graph.node('Transpose', [steps], { perm: [1, 2, 0] }), weights])
    return graph.node('Squeeze', [pooled, graph.integers([1], [2])])
  }, inTime),
  of('features split into parts', (graph, x) => {
    const [gate, value, rest] = graph.nodeOf('Split', [x, graph.integers([3], [2, 2, 1])], 3, { axis: 2 })
    const gated = graph.node('Mul', [graph.node('Sigmoid', [gate!]), value!])
    return graph.node('Concat', [gated, rest!], { axis: -1 })
  }, { width: 5 }),
  of('an int8 product', (graph, x) => {
    const [rounded, scale, zero] = graph.nodeOf('DynamicQuantizeLinear', [x], 3)
    const weight = graph.int8('W', [features, 4], Array.from({ length: 12 }, (_, i) => 20 * i - 100))
    const product = graph.node('Cast', [graph.node('MatMulInteger', [rounded!, weight, zero!])], { to: 1 })
    return graph.node('Mul', [product, graph.node('Mul', [scale!, graph.floats('scale', [], [0.01])])])
  }, { tolerance: 0.05 }),
  of('an int8 LSTM, whose weights are the other way round', (graph, x, draw) => {
    const height = 4 * units
    const int8 = (label: string, width: number): string =>
      graph.int8(label, [1, width, height], Array.from({ length: width * height }, (_, i) => ((37 * i) % 127) - 63))
    const scales = (label: string): string[] =>
      [graph.floats(`${label}.scale`, [1], [0.006]), graph.int8(`${label}.zero`, [1], [3])]
    const inputs = [
      x, int8('W', features), int8('R', units), draw('B', [1, 2 * height]), '', '', '', '',
      ...scales('W'), ...scales('R'),
    ]
    const [y] = graph.nodeOf('DynamicQuantizeLSTM', inputs, 1, { hidden_size: units })
    return graph.node('Squeeze', [y!, graph.integers([1], [1])])
  }, { ...inTime, tolerance: 0.02 }),
]
