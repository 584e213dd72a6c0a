import { readFileSync } from 'node:fs'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { FormatError } from '@recurra/formats'
import { javascript } from '@recurra/backend'
import { importOnnx } from '@recurra/formats/onnx'
import { Sequential } from '@recurra/layers'
import { ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { Graph, type Attributes } from '../../packages/formats/src/onnx/graph.ts'
import { ModelProtoSchema, type ModelProto } from '../../packages/formats/src/onnx/onnx_pb.ts'
import { initialStateCases } from './initial-state-cases.ts'
import { operatorCases } from './operator-cases.ts'
import { outputOf } from './output-of.ts'

const golden = JSON.parse(
  readFileSync(new URL('../golden/onnx-operators.json', import.meta.url), 'utf8'),
) as { readonly [name: string]: number[] }
const backend = javascript()

/** Rows by the second of two axes, then by the first. */
const turned = (values: readonly number[], first: number, second: number): number[] => {
  const width = values.length / first / second
  return Array.from({ length: values.length }, (_, i) => {
    const row = Math.floor(i / width)
    return values[((row % first) * second + Math.floor(row / first)) * width + (i % width)]!
  })
}

const cases = [...operatorCases, ...initialStateCases].map((one) => [one.name, one] as const)

it.each(cases)('%s: as ONNX Runtime', async (name, one) => {
  const { file, x: { shape, timeMajor, values }, tolerance = 1e-5 } = one
  const [first, second] = shape as [number, number]
  const [batch, steps] = timeMajor ? [second, first] : [first, second]
  const model = importOnnx(file, { backend })
  const x = timeMajor ? turned(values, first, second) : values
  const outputs = await outputOf(model, x, { batch, steps }, false)
  const given = timeMajor ? turned(outputs, batch, outputs.length / batch / model.out.size) : outputs
  expect(given).toHaveLength(golden[name]!.length)
  given.forEach((value, i) => expect(Math.abs(value - golden[name]![i]!)).toBeLessThan(tolerance))
  expect(golden[name]!.some((value) => Math.abs(value) > 0.05)).toBe(true)
})

const graphOf = (build: (graph: Graph, x: string) => string): Uint8Array => {
  const graph = new Graph()
  graph.output('y', build(graph, graph.input('x', 'float', ['time', 'batch', 2], '')), [], '')
  return toBinary(ModelProtoSchema, create(ModelProtoSchema, {
    irVersion: 8n, opsetImport: [{ domain: '', version: 17n }], graph: graph.toProto('g'),
  }))
}

/** The steps of all sequences in one list. */
const ofRows = (build: (graph: Graph, rows: string) => string): Uint8Array => graphOf((graph, x) =>
  build(graph, graph.node('Reshape', [graph.node('LayerNormalization', [
    x, graph.floats('scale', [2], new Float32Array(2)),
  ]), graph.integers([2], [-1, 2])])))

const lstm = (attributes: Attributes): Uint8Array => graphOf((graph, x) => {
  const [W, R] = ['W', 'R'].map((name) => graph.floats(name, [1, 8, 2], new Float32Array(16)))
  const y = graph.node('LSTM', [x, W!, R!], { hidden_size: 2, ...attributes })
  return graph.node('Squeeze', [y, graph.integers([1], [1])])
})

/** The file with a field changed. */
const changed = (change: (model: ModelProto) => void): Uint8Array => {
  const model = fromBinary(ModelProtoSchema, lstm({}))
  change(model)
  return toBinary(ModelProtoSchema, model)
}

describe('what Recurra does not have, or a file does not keep, is an error that says so:', () => {
  it.each<[what: string, file: Uint8Array, says: string, kind: new (...args: never[]) => Error]>([
    ['a strange gate', lstm({ activations: ['Cosine', 'Tanh', 'Tanh'] }), 'of the standard, got Cosine', ValueError],
    ['too few functions', lstm({ activations: ['Sigmoid'] }), '3 activations, got Sigmoid', ValueError],
    ['an attribute of another standard', lstm({ cell_limit: 1 }), 'the standard, got cell_limit', ValueError],
    ['states of directions with other functions', graphOf((graph, x) => {
      const [W, R] = ['W', 'R'].map((name) => graph.floats(name, [2, 2, 2], new Float32Array(8)))
      const h = graph.input('h', 'float', [2, 'batch', 2], '')
      return graph.node('RNN', [x, W!, R!, '', '', h], {
        hidden_size: 2, direction: 'bidirectional', activations: ['Tanh', 'Relu'],
      })
    }), 'a state of 0, where directions have other activations, got a state that is an input', ValueError],
    ['an unknown operator', graphOf((graph, x) => graph.node('Einsum', [x])), "Einsum 'Einsum': exp", ValueError],
    ['a mean over all', graphOf((graph, x) => graph.node('ReduceMean', [x], { axes: [0, 1] })), 'one axis', ValueError],
    ['a mean over the steps of all sequences', ofRows((graph, rows) =>
      graph.node('ReduceMean', [rows], { axes: [0] })), 'axis of time, got the rows of several axes', ValueError],
    ['a maximum over the steps of all sequences', ofRows((graph, rows) =>
      graph.node('ReduceMax', [rows], { axes: [0] })), 'axis of time, got the rows of several axes', ValueError],
    ['a sum over the steps of all sequences', ofRows((graph, rows) =>
      graph.node('ReduceSum', [rows, graph.integers([1], [0])])), 'got the rows of several axes in one', ValueError],
    ['the last step of all sequences', ofRows((graph, rows) =>
      graph.node('Gather', [rows, graph.integers([], [-1])])), 'got the rows of several axes in one', ValueError],
    ['two branches', graphOf((graph, x) =>
      graph.node('Div', [graph.node('Softmax', [x]), graph.node('Tanh', [x])])), 'max, min, got div', ValueError],
    ['a layer that starts over at every call', graphOf((graph, x) => {
      const [W, R] = ['W', 'R'].map((name) => graph.floats(name, [1, 8, 2], new Float32Array(16)))
      const end = graph.node('Gather', [graph.node('Relu', [x]), graph.integers([], [-1])])
      const step = graph.node('Unsqueeze', [end, graph.integers([1], [0])])
      return graph.node('LSTM', [step, W!, R!], { hidden_size: 2 })
    }), 'a state that is an input', ValueError],
    ['weights elsewhere', changed(({ graph }) => (graph!.initializer[0]!.dataLocation = 1)), 'location', FormatError],
    ['a wrong size', changed(({ graph }) => (graph!.initializer[0]!.dims[1] = 7n)), '14 elements', FormatError],
    ['a size beyond reason', changed(({ graph }) => (graph!.initializer[0]!.dims[1] = 2n ** 60n)), 'size', FormatError],
    ['an old version', changed(({ opsetImport }) => (opsetImport[0]!.version = 5n)), '7 to 25, got 5', FormatError],
    ['a name that nothing has', changed(({ graph }) => (graph!.node[0]!.input[0] = 'z')), "called 'z'", ValueError],
    ['no graph', Uint8Array.of(8, 8), 'a graph of operators, got none', FormatError],
    ['another kind of file', Uint8Array.from({ length: 64 }, () => 255), 'Protocol Buffers', FormatError],
  ])('%s', (_, file, says, kind) => {
    const read = (): unknown => importOnnx(file, { backend })
    expect(read).toThrow(kind)
    expect(read).toThrow(says)
  })

  it('an input or output that is not there', () => {
    expect(() => importOnnx(lstm({}), { inputs: { sr: 16_000 } })).toThrow('expected an input among x, got sr')
    expect(() => importOnnx(lstm({}), { output: 'z' })).toThrow("output z: expected an output of layers, got none")
  })

  it('a part that does not begin where it should, and a shape of another input', () => {
    const part = (input: string): unknown => importOnnx(lstm({}), { backend, input })
    expect(() => part('z')).toThrow('input z: expected a value in the graph on which the output depends, got an output')
    expect(() => part('LSTM_1')).toThrow('got an output that depends on x')
    expect(part('x')).toBeInstanceOf(Sequential)
    expect(() => importOnnx(lstm({}), { shapes: { x: [3] } })).toThrow('input x: expected 3 axes, got a shape of 1')
  })

  it('what stands before recurrent layers, which can be imported alone', () => {
    const file = graphOf((graph, x) => {
      const [W, R] = ['W', 'R'].map((name) => graph.floats(name, [1, 8, 2], new Float32Array(16)))
      const [y] = graph.nodeOf('LSTM', [graph.node('Einsum', [x]), W!, R!], 1, { hidden_size: 2 })
      return graph.node('Squeeze', [y!, graph.integers([1], [1])])
    })
    const part = { input: 'Einsum', output: 'LSTM', shapes: { Einsum: ['time', 'batch', 2] } }
    expect(() => importOnnx(file, { backend })).toThrow(
      "alone, { input: 'Einsum', output: 'LSTM', shapes: { 'Einsum': ['time', 'batch', 2] } }, or another part",
    )
    expect(importOnnx(file, { backend, ...part }).layers.map(({ type }) => type)).toEqual(['lstm'])
    expect(() => importOnnx(lstm({ activations: ['Cosine'] }), { backend })).not.toThrow('alone')
  })

  it('an output that is left out', () => {
    const warnings: string[] = []
    const file = graphOf((graph, x) => {
      graph.output('other', graph.node('Tanh', [x]), [], '')
      return graph.node('Relu', [x])
    })
    const read = (output?: string): unknown => importOnnx(file, {
      backend, onWarning: (message) => warnings.push(message), shapes: { x: ['time', 'batch', 2] },
      ...(output !== undefined && { output }),
    }).blueprints[0]!.options
    expect(read()).toEqual({ function: 'tanh' })
    expect(warnings).toEqual(["importOnnx: outputs were left out: y. Import them with { output: 'y' }."])
    expect(read('y')).toEqual({ function: 'relu' })
  })

  it('a limit that an unused branch has is none', () => {
    const file = changed(({ graph }) => graph!.node.unshift({ ...graph!.node[0]!, name: 'idle', output: ['idle'] }))
    expect(importOnnx(file, { backend }).layers.map(({ type }) => type)).toEqual(['lstm'])
  })
})
