import { fromBinary } from '@bufbuild/protobuf'
import { javascript } from '@recurra/backend'
import { convolution, dense, embedding, namedVariables, sequential, tokens } from '@recurra/layers'
import { bidirectional, gru, last, lstm, quantize } from '@recurra/rnn'
import { expect, it } from 'vitest'
import { exportOnnx } from './export-onnx.ts'
import { ModelProtoSchema } from './onnx_pb.ts'

const model = () =>
  sequential(
    tokens(30),
    [embedding(32), convolution(24, { kernel: 2, groups: 2 }), bidirectional((o) => gru(20, o)), lstm(64), last(),
      dense(30)],
    { backend: javascript(), seed: 3 },
  )

/** The constants of a file by name: floats, or int8 times their scales, and which of them are int8. */
const constantsIn = (file: Uint8Array) => {
  const { initializer } = fromBinary(ModelProtoSchema, file).graph!
  const stored = new Map(initializer.map(({ name, dims, rawData, dataType }) => {
    const values = dataType === 1 ? new Float32Array(rawData.slice().buffer) : new Int8Array(rawData.slice().buffer)
    return [name, { dims: dims.map(Number), dataType, values }]
  }))
  const int8 = [...stored].filter(([, { dataType }]) => dataType === 3).map(([name]) => name)
  const valuesOf = (name: string): number[] => {
    const { values, dims } = stored.get(name)!
    if (!int8.includes(name)) return [...values]
    const scales = stored.get(`${name}.scale`)!
    // by the rules of broadcasting: the scale of an element has its index where a scale has more than one
    return [...values].map((q, i) => {
      let [rest, at, stride] = [i, 0, 1]
      for (let axis = dims.length - 1; axis >= 0; axis--) {
        const index = rest % dims[axis]!
        rest = (rest - index) / dims[axis]!
        if (scales.dims[axis] !== 1) at += index * stride
        stride *= scales.dims[axis]!
      }
      return Math.fround(q * scales.values[at]!)
    })
  }
  return { int8, valuesOf, floats: [...stored].filter(([, { dataType }]) => dataType === 1).map(([name]) => name) }
}

it('has the weights of a quantized model as int8 with scales: the same values to the bit', () => {
  const [small, twin] = [quantize(model(), { keep: ['5'] }), model()]
  const rounded = new Map(namedVariables(small.params))
  for (const [path, { value }] of namedVariables(twin.params))
    twin.backend.write(value, small.backend.read(rounded.get(path)!.value))
  const [actual, expected] = [constantsIn(exportOnnx(small)), constantsIn(exportOnnx(twin))]
  expect(actual.int8).toEqual(['0.weight', '1.weight', '2.W', '2.R', '3.W', '3.R'])
  expect(expected.int8).toEqual([])
  for (const name of expected.floats) expect(actual.valuesOf(name), name).toEqual(expected.valuesOf(name))
})

it('keeps both directions in float32 where one is kept', () => {
  const small = quantize(model(), { keep: ['2.forward.weight'] })
  expect(constantsIn(exportOnnx(small)).int8).toEqual(['0.weight', '1.weight', '2.R', '3.W', '3.R', '5.weight'])
})

it('is about a quarter of the size', () => {
  const whole = sequential(96, [lstm(128), dense(64)], { backend: javascript() })
  expect(exportOnnx(quantize(whole)).length / exportOnnx(whole).length).toBeLessThan(0.28)
})
