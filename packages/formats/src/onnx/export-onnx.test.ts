import { fromBinary } from '@bufbuild/protobuf'
import { javascript } from '@recurra/backend'
import {
  activation, dense, elementWiseLayer, embedding, named, sequential, stack, tokens, vector, type Blueprint,
} from '@recurra/layers'
import { bidirectional, gru, last, lstm, minGru } from '@recurra/rnn'
import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { exportOnnx, type OnnxOptions } from './export-onnx.ts'
import { ModelProtoSchema, type GraphProto } from './onnx_pb.ts'

// That runtimes read these files and give the same numbers is checked by `npm run onnx`, with ONNX Runtime.
const backend = javascript()
const graphOf = (model: unknown, options?: OnnxOptions): GraphProto =>
  fromBinary(ModelProtoSchema, exportOnnx(model as Parameters<typeof exportOnnx>[0], options)).graph!
const operators = ({ node }: GraphProto): string[] =>
  node.map(({ opType }) => opType).filter((type) => type !== 'Identity')

it('has an operator for each layer, in their order', () => {
  const model = sequential(
    tokens(9),
    [embedding(4), stack(2, lstm(3)), bidirectional((o) => gru(2, o)), last(), dense(9)],
    { backend },
  )
  const graph = graphOf(model, { softmax: true })
  expect(operators(graph)).toEqual([
    'Transpose', 'Gather', 'LSTM', 'Squeeze', 'LSTM', 'Squeeze', 'GRU', 'Transpose', 'Reshape', 'Gather', 'MatMul',
    'Add', 'Softmax',
  ])
  expect(graph.input.map(({ name }) => name)).toEqual(['x'])
  expect(
    graph.output.map(({ name, type }) => [name, type!.tensorType!.shape!.dim.map(({ value }) => value.value)]),
  ).toEqual([['y', ['batch', 9n]]])
  const weights = graph.initializer
    .filter(({ dataType }) => dataType === 1)
    .map(({ name, dims }) => [name, dims.map(Number)])
  expect(weights).toContainEqual(['1.0.W', [1, 12, 4]])
  expect(weights).toContainEqual(['2.B', [2, 12]])
})

it('puts gates in the order of ONNX: i o f c', () => {
  const model = sequential(1, [lstm(1)], { backend })
  // i f g o
  backend.write(model.layers[0]!.params['weight']!.value as Parameters<typeof backend.write>[0], [1, 2, 3, 4])
  const { rawData } = graphOf(model).initializer.find(({ name }) => name === '0.W')!
  expect(Array.from(new Float32Array(rawData.slice().buffer))).toEqual([1, 4, 2, 3])
})

it('states and lengths are inputs and outputs where they are asked for', () => {
  const model = sequential(2, [named('first', lstm(3)), gru(4)], { backend })
  const graph = graphOf(model, { states: true, lengths: true })
  expect(graph.input.map(({ name }) => name)).toEqual(['x', 'lengths', 'first.h', 'first.c', '1.h'])
  expect(graph.output.map(({ name }) => name)).toEqual(['first.h.next', 'first.c.next', '1.h.next', 'y'])
})

it('defines each value once, before it is used', () => {
  const { node, input, initializer } = graphOf(
    sequential(2, [lstm(3), lstm(3), activation('silu'), activation('silu'), dense(2)], { backend }),
    { states: true },
  )
  const known = new Set([...input, ...initializer].map(({ name }) => name))
  for (const { input: reads, output: writes } of node) {
    expect(reads.filter((name) => name !== '' && !known.has(name))).toEqual([])
    for (const name of writes) {
      expect(known.has(name), name).toBe(false)
      known.add(name)
    }
  }
})

it('is the same file each time', () => {
  const model = sequential(2, [lstm(3)], { backend })
  expect(exportOnnx(model)).toEqual(exportOnnx(model))
})

describe('tells what ONNX does not have:', () => {
  const scaled = elementWiseLayer('scaled', { a: 1 }, (x, { a }) => x.mul(a))
  const refused: readonly [what: string, model: unknown, options: OnnxOptions, says: string][] = [
    ['a cell', sequential(2, [minGru(3) as Blueprint] as readonly Blueprint[], { backend }), {}, 'minGru (layer 0)'],
    [
      'zoneout',
      sequential(2, [bidirectional((options) => lstm(3, { ...options, zoneout: { c: 0.5 } }))], { backend }),
      {},
      'without zoneout, got bidirectional (layer 0)',
    ],
    ['an activation', sequential(2, [activation((x) => x.mul(2))], { backend }), {}, 'a formula of its own'],
    ['a formula with parameters', sequential(2, [scaled()], { backend }), {}, 'layers that ONNX has operators for'],
    [
      'lengths of a vector',
      sequential(vector(2), [dense(3)], { backend }),
      { lengths: true },
      'one that reads a vector',
    ],
    ['a layer alone', sequential(2, [lstm(3)], { backend }).layers[0], {}, 'made by sequential, got lstm'],
  ]
  it.each(refused)('%s', (_, model, options, says) => {
    expect(() => graphOf(model, options)).toThrow(ConfigurationError)
    expect(() => graphOf(model, options)).toThrow(says)
  })
})
