import { javascript, webassembly } from '@recurra/backend'
import {
  attention, dense, dropout, embedding, namedVariables, residual, sequential, tokens, type Layer,
} from '@recurra/layers'
import {
  bidirectional, encoderDecoder, gru, indRnn, last, layerNormLstm, linearAttention, lstm, matrixLayers, rnn,
} from '@recurra/rnn'
import { toNested, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { meanSquaredError, observe, softmaxCrossEntropy } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const nested = (x: Tensor | undefined): number[][] => toNested(x!) as number[][]
const x = [0.5, -1, 2, 0.25, 1, -0.5]

describe('gates and states', () => {
  it('of an LSTM explain one another: c = f⊙c + i⊙g, h = o⊙tanh(c)', () => {
    const model = sequential(2, [lstm(3)], { backend })
    const { layers: [layer], y } = observe(model, { x })
    const [i, f, g, o] = ['i', 'f', 'g', 'o'].map((gate) => nested(layer!.gates[gate])) as [
      number[][],
      number[][],
      number[][],
      number[][],
    ]
    const [h, c] = [nested(layer!.states['h']), nested(layer!.states['c'])]
    for (let t = 1; t < 3; t++)
      for (let u = 0; u < 3; u++) {
        expect(c[t]![u]).toBeCloseTo(f[t]![u]! * c[t - 1]![u]! + i[t]![u]! * g[t]![u]!, 12)
        expect(h[t]![u]).toBeCloseTo(o[t]![u]! * Math.tanh(c[t]![u]!), 12)
      }
    expect(nested(y)).toEqual(h)
  })

  it('of a GRU too: h = (1 - z)⊙n + z⊙h, and r is between 0 and 1', () => {
    const { layers: [layer] } = observe(sequential(2, [gru(3)], { backend }), { x })
    const [r, z, n] = ['r', 'z', 'n'].map((gate) => nested(layer!.gates[gate])) as [number[][], number[][], number[][]]
    const h = nested(layer!.states['h'])
    for (let t = 1; t < 3; t++)
      for (let u = 0; u < 3; u++) {
        expect(h[t]![u]).toBeCloseTo((1 - z[t]![u]!) * n[t]![u]! + z[t]![u]! * h[t - 1]![u]!, 12)
        expect(r[t]![u]! > 0 && r[t]![u]! < 1).toBe(true)
      }
  })

  it('are the same on every backend, and left out where a gate is normalised or linear', () => {
    const build = (on: typeof backend): unknown =>
      observe(sequential(2, [lstm(3), indRnn(2), layerNormLstm(2)], { backend: on }), { x }).layers.map(
        ({ type, gates }) => [
          type,
          Object.entries(gates).map(([name, gate]) => [
            name,
            nested(gate).flat().map((value) => Number(value.toFixed(4))),
          ]),
        ],
      )
    expect(build(webassembly())).toEqual(build(backend))
    expect(build(backend)).toMatchObject([['lstm', { length: 4 }], ['indRnn', { length: 1 }], ['layerNormLstm', []]])
  })
})

const keys = 4
const turning = (size: number, others: object) =>
  linearAttention(size, { ...others, decay: 'head', positions: 'rotary' })
describe.each(
  Object.entries({ ...matrixLayers, 'linearAttention with rotary positions': turning }),
)('of %s, whose state is a matrix', (_, make) => {
  const model = sequential(2, [residual([make(4, { heads: 2, keys, chunk: 2 }), dense(2)]), last(), dense(1)], {
    backend,
  })
  const { layers: [layer] } = observe(model, { x, target: [1] }, { loss: meanSquaredError() })

  it('the states are those of a stream', () => {
    const stream = model.stream()
    for (let t = 0; t < 3; t++) {
      stream.step(x.slice(2 * t, 2 * t + 2))
      for (const [slot, all] of Object.entries(layer!.states))
        expect((nested(all)[t] as unknown[]).flat(3)).toEqual(
          (stream.state[`0.0.${slot}`] as number[]).flat(3).map((value) => expect.closeTo(value, 13) as number),
        )
    }
    expect(layer!.states['S']!.shape.slice(0, 3)).toEqual([3, 2, keys])
  })

  it('in reverse they are those of the sequence turned around', () => {
    const statesOf = (reverse: boolean, read: readonly number[]): unknown[] => {
      const { layers: [layer] } = observe(sequential(2, [make(4, { keys, reverse })], { backend }), { x: read })
      return nested(layer!.states['S'])
    }
    const turned = [0, 1, 2].flatMap((t) => x.slice(2 * (2 - t), 2 * (3 - t)))
    expect(statesOf(true, x)).toEqual(statesOf(false, turned).reverse())
  })

  it('the decay is a gate, and a gradient arrives at each step', () => {
    for (const decay of nested(layer!.gates['decay']).flat()) expect(decay > 0 && decay < 1.0001).toBe(true)
    expect(layer!.gradientNorms).toHaveLength(3)
    for (const norm of layer!.gradientNorms!) expect(norm).toBeGreaterThan(0)
  })
})

describe('gradients through time', () => {
  it('are those of the last loss: an rnn of one unit, by hand', () => {
    const model = sequential(1, [rnn(1), last(), dense(1)], { backend })
    const inputs = [0.3, -0.2, 0.8]
    const { layers: [layer], y } = observe(model, { x: inputs, target: [1] }, { loss: meanSquaredError() })
    const of = (path: string): number =>
      backend.read(namedVariables(model.params).find(([name]) => name === path)![1].value)[0]!
    const h = nested(layer!.states['h']).flat()
    let arriving = 2 * (nested(y)[0]![0]! - 1) * of('2.weight')
    for (let t = 2; t >= 0; t--) {
      const gate = arriving * (1 - h[t]! ** 2)
      expect(layer!.gradientNorms![t]).toBeCloseTo(Math.abs(gate), 12)
      arriving = gate * of('0.recurrentWeight')
    }
  })

  it('leave no trace in the model', () => {
    const model = sequential(tokens(4), [embedding(3), dropout(0.5), gru(3), dense(4)], { backend })
    const before = namedVariables(model.params).map(([, { value }]) => [...backend.read(value)])
    observe(model, { x: [0, 1, 2], target: [1, 2, 3] }, { loss: softmaxCrossEntropy() })
    expect(namedVariables(model.params).map(([, { value }]) => [...backend.read(value)])).toEqual(before)
    const isZero = (numbers: ArrayLike<number>): boolean => Array.from(numbers).every((value) => value === 0)
    expect(namedVariables(model.params).every(([, { grad }]) => isZero(backend.read(grad)))).toBe(true)
  })
})

it('looks into both sides of an encoder-decoder, both directions, and at the attention', () => {
  const model = encoderDecoder({
    source: tokens(5), encoder: [embedding(3), bidirectional((o) => gru(2, o))],
    target: tokens(6), decoder: [embedding(3), gru(4), attention({ score: 'additive' }), dense(6)],
  }, { backend })
  const { layers, attentionWeights } = observe(model as unknown as Layer, { x: [0, 1], source: [1, 2, 3] })
  expect(layers.map(({ path }) => path)).toEqual(['encoder.1.forward', 'encoder.1.backward', 'decoder.1'])
  expect(attentionWeights[0]!.shape).toEqual([2, 3])
  for (const row of nested(attentionWeights[0])) expect(row.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12)
})

it('says what does not fit', () => {
  expect(() => observe(sequential(2, [rnn(1)], { backend }), { x: [1, 2, 3] })).toThrow(
    'x: expected whole steps of 2 numbers, got 3 numbers',
  )
})
