import { backend, javascript, type Backend } from '@recurra/backend'
import {
  attention, convolution, countParameters, dense, embedding, flatten, layerNorm, named, namedVariables, sequential,
  stack, tokens, vector, wireFor, type Blueprint,
} from '@recurra/layers'
import { defineLayer, passOf, variable, type Sequence } from '@recurra/layers/authoring'
import { ConfigurationError, ShapeError, transposed } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { bidirectional } from '../bidirectional.ts'
import { gru, gruResetBefore, lstm, rnn } from '../cells/cells.ts'
import { encoderDecoder } from '../encoder-decoder/encoder-decoder.ts'
import { last } from '../last.ts'
import { quantize } from './quantize.ts'
import { isQuantized } from './quantization.ts'

const machines: readonly (readonly [string, () => Backend])[] = [['WebAssembly', backend], ['JavaScript', javascript]]

const model = (machine = backend()) =>
  sequential(tokens(20), [embedding(8), lstm(24), gruResetBefore(16), layerNorm(), named('head', dense(5))],
    { backend: machine, seed: 7 })

/** y = x · Wᵀ: the weight is not the right factor as it lies, but transposed. */
const turned = (): Blueprint<Sequence, Sequence, {}> => defineLayer({
  type: 'turned',
  accepts: ['sequence'],
  build: (input, { backend: machine }) => {
    const weight = variable(machine, [3, input.size])
    return {
      out: { kind: 'sequence', size: 3 },
      params: { weight },
      plan: (x, { steps, batch }) => {
        const y = variable(machine, [steps, batch, 3], false)
        const product = { out: y.value, a: x.value, b: transposed(weight.value) } as Parameters<Backend['matmul']>[0]
        return { y, pass: passOf(Array.from({ length: steps }, (_, t) => () => machine.matmul(product)(t))) }
      },
    }
  },
})

const outputs = (of: ReturnType<typeof model>, xs: readonly number[]): number[] => {
  const stream = of.stream()
  return xs.flatMap((x) => [...of.backend.read(stream.step(x))])
}

describe.each(machines)('quantize on %s', (_, machine) => {
  it('names what is int8 and what stays float32, and changes only the copy', () => {
    const whole = model(machine())
    const before = namedVariables(whole.params).map(([, { value }]) => [...whole.backend.read(value)])
    const { quantization: { int8, float32, bytes, description } } = quantize(whole)
    expect(int8).toEqual(['0.weight', '1.weight', '1.recurrentWeight', '2.weight', '2.recurrentWeight', 'head.weight'])
    expect(float32).toEqual([
      '1.bias', '1.recurrentBias', '2.bias', '2.recurrentBias', '3.scale', '3.shift', 'head.bias',
    ])
    expect([...int8, ...float32].sort()).toEqual(namedVariables(whole.params).map(([path]) => path).sort())
    expect(bytes).toBeLessThan(1.8 * countParameters(whole.params))
    expect(description).toContain('head.bias')
    expect(namedVariables(whole.params).map(([, { value }]) => [...whole.backend.read(value)])).toEqual(before)
  })

  it('gives nearly the outputs of the model, and the same ones each time', () => {
    const whole = model(machine())
    const xs = [3, 1, 4, 1, 5, 9, 2, 6]
    const [small, again] = [quantize(whole), quantize(whole)]
    const [expected, actual] = [outputs(whole, xs), outputs(small, xs)]
    const norm = (of: readonly number[]): number => Math.hypot(...of)
    expect(norm(actual.map((y, i) => y - expected[i]!)) / norm(expected)).toBeLessThan(0.05)
    expect(actual).not.toEqual(expected)
    expect(outputs(again, xs)).toEqual(actual)
  })
})

it('rounds each weight by at most half a step of its column, and each row of an embedding by half of its own', () => {
  const whole = model()
  const small = quantize(whole)
  const copies = new Map(namedVariables(small.params))
  for (const [path, { value }] of namedVariables(whole.params)) {
    const [from, to] = [whole.backend.read(value), small.backend.read(copies.get(path)!.value)]
    if (small.quantization.float32.includes(path)) {
      expect([...to]).toEqual([...from])
      continue
    }
    const lines = new Map<number, number[]>()
    from.forEach((_, i) => {
      const columns = value.shape[1]!
      const line = path === '0.weight' ? Math.floor(i / columns) : i % columns
      lines.set(line, [...(lines.get(line) ?? []), i])
    })
    for (const places of lines.values()) {
      const step = Math.max(...places.map((i) => Math.abs(from[i]!))) / 127
      for (const i of places) expect(Math.abs(from[i]! - to[i]!)).toBeLessThanOrEqual(0.5 * step * (1 + 2 ** -12))
    }
  }
})

it('quantizes inside of containers and encoder-decoders, also the products of attention', () => {
  const whole = encoderDecoder({
    source: tokens(9), encoder: [embedding(6), bidirectional((options) => gru(8, options))],
    target: tokens(7), decoder: [embedding(6), stack(2, lstm(8)), attention({ score: 'additive', units: 4 }), dense(7)],
  })
  const small = quantize(whole)
  const matrices = namedVariables(whole.params).filter(([, { value }]) => value.shape.length === 2)
  expect(small.quantization.int8).toEqual(matrices.map(([path]) => path))
  const [a, b] = [whole, small].map((one) => {
    const stream = one.stream({ sourceSteps: 4 })
    stream.encode([[1, 2, 3]])
    return [...one.backend.read(stream.step(2))]
  })
  a!.forEach((y, i) => expect(b![i]).toBeCloseTo(y, 1))
})

it('keeps what is asked for, and what is not a right factor as it lies', () => {
  expect(quantize(model(), { keep: ['head', '1.weight'] }).quantization.int8)
    .toEqual(['0.weight', '1.recurrentWeight', '2.weight', '2.recurrentWeight'])
  const { int8, float32 } = quantize(sequential(4, [turned(), dense(2)])).quantization
  expect([int8, float32]).toEqual([['1.weight'], ['0.weight', '1.bias']])
})

it('quantizes models of vectors, and of one output per sequence', () => {
  expect(quantize(sequential(vector(3), [dense(2)])).quantization.int8).toEqual(['0.weight'])
  expect(quantize(sequential(3, [rnn(4), last(), dense(1)])).quantization.int8.length).toBe(3)
})

it('takes the number of steps that a layer asks for', () => {
  const model = sequential(3, [convolution(4, { kernel: 20 }), lstm(4), flatten(10), dense(2)])
  expect(quantize(model, { steps: 29 }).quantization.int8)
    .toEqual(['0.weight', '1.weight', '1.recurrentWeight', '3.weight'])
  expect(() => quantize(model)).toThrow(ShapeError)
  expect(() => quantize(model, { steps: 30 })).toThrow(
    'expected sequences of 10 steps, got 11. Pass the number of steps that the model takes: quantize(model, { steps')
})

it('gives a model that is for inference alone', () => {
  const small = quantize(model())
  const x = wireFor(small, { steps: 2, batch: 1 })
  expect(() => small.plan(x, { steps: 2, batch: 1, mode: 'inference' })).not.toThrow()
  expect(() => small.plan(x, { steps: 2, batch: 1, mode: 'training' })).toThrow(ConfigurationError)
})

it('is refused for what it cannot be done to', () => {
  const whole = model()
  expect(() => quantize(whole, { keep: ['tail'] })).toThrow('got tail')
  expect(() => quantize(whole, { keeps: ['head'] } as object)).toThrow('keep')
  expect(() => quantize(quantize(whole))).toThrow('quantized')
  expect(isQuantized(whole)).toBe(false)
  expect(() => quantize(whole.layers[0] as unknown as typeof whole)).toThrow('sequential')
})
