import { javascript } from '@recurra/backend'
import {
  dense, embedding, Lengths, namedVariables, sourceFor, tokens, vector, wireFor, type Frame,
} from '@recurra/layers'
import { ShapeError, ValueError, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { bidirectional, encoderDecoder, gru, last, lstm, type EncoderDecoder } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const sources = [[3, 1, 4], [1], [5, 2, 0, 2]]
const inputs = [[0, 2, 1, 3], [0, 1, 1, 2], [0, 3, 3, 1]]
const [batch, steps] = [3, 4]

/** A forward pass over whole sequences. */
const whole = (model: EncoderDecoder, read = sources): Frame => {
  const sourceLengths = new Lengths(backend, 4, batch)
  sourceLengths.set(read.map(({ length }) => length))
  const source = sourceFor(model, { steps: 4, batch, mode: 'inference', lengths: sourceLengths })!
  const frame = model.plan(wireFor(model, { steps, batch }), { steps, batch, mode: 'inference', source })
  backend.write(source.y.value, [0, 1, 2, 3].flatMap((t) => read.map((one) => one[t] ?? 0)))
  backend.write(frame.x.value, [0, 1, 2, 3].flatMap((t) => inputs.map((one) => one[t]!)))
  frame.forward()
  return frame
}
const near = (got: ArrayLike<number>, want: ArrayLike<number>): void =>
  Array.from(want).forEach((w, i) => expect(got[i]).toBeCloseTo(w, 12))
const row = (y: Tensor, b: number): number[] => [...backend.read(y)].slice(b * 5, (b + 1) * 5)

const models = {
  'the state of as many layers': encoderDecoder({
    source: tokens(6), encoder: [embedding(3), lstm(4), gru(3)],
    target: tokens(4), decoder: [embedding(3), lstm(4), gru(3), dense(5)],
  }, { backend }),
  'a projected state': encoderDecoder({
    source: tokens(6), encoder: [embedding(3), bidirectional((options) => gru(4, options))],
    target: tokens(4), decoder: [embedding(2), lstm(3), gru(5)],
  }, { backend }),
  'a first input': encoderDecoder({
    source: tokens(6), encoder: [embedding(3), gru(4), last()],
    target: tokens(4), decoder: [embedding(3), lstm(4), dense(5)], start: 'input',
  }, { backend }),
}

describe.each(Object.entries(models))('an encoder-decoder that starts from %s', (_, model) => {
  it('gives step by step what it gives for whole sequences', () => {
    const y = backend.read(whole(model).y.value)
    const stream = model.stream({ batch, sourceSteps: 4 })
    for (const again of [false, true]) {
      if (again) stream.reset()
      else stream.encode(sources)
      for (let t = 0; t < steps; t++)
        near(backend.read(stream.step(inputs.map((one) => one[t]!))), y.slice(t * batch * 5, (t + 1) * batch * 5))
    }
  })

  it('depends on the source', () => {
    const [y, other] = [whole(model), whole(model, [[3, 1, 5], [1], [5, 2, 0, 2]])].map((frame) => [
      ...backend.read(frame.y.value),
    ]) as [number[], number[]]
    expect(other[0]).not.toBe(y[0])
    expect(other.slice(5, 15)).toEqual(y.slice(5, 15))
  })
})

describe('a stream with a source', () => {
  const model = models['a projected state']

  it('puts its rows into another order', () => {
    const [beam, plain] = [model.stream({ batch: 3 }), model.stream({ batch: 1 })]
    beam.encode([[3, 1, 4]])
    plain.encode([[3, 1, 4]])
    beam.step([0, 1, 2])
    beam.reorder([2, 2, 0])
    const y = beam.step([1, 3, 1])
    plain.step(2)
    near(row(y, 1), row(plain.step(3), 0))
    plain.reset()
    plain.step(2)
    near(row(y, 0), row(plain.step(1), 0))
    plain.reset()
    plain.step(0)
    near(row(y, 2), row(plain.step(1), 0))
  })

  it('refuses what it cannot use, and stays as it is', () => {
    const stream = model.stream({ batch: 2, sourceSteps: 3 })
    expect(() => stream.step([0, 0])).toThrow(/expected a source that was read, got none/)
    stream.encode([[3], [1, 2]])
    const before = namedVariables(stream.frame.initial).map(([, { value }]) => [...backend.read(value)])
    expect(() => stream.encode([[1], [2], [3]])).toThrow(ShapeError)
    expect(() => stream.encode([[1, 2, 3, 4], [1]])).toThrow(
      /source 0: expected 1 to 3 steps of 1 number, got 4 numbers/,
    )
    expect(() => stream.encode([[1], []])).toThrow(ShapeError)
    expect(() => stream.encode([[1], [6]])).toThrow(new ValueError({
      where: 'encode, source 1, number 0',
      expected: 'a token from 0 to 5',
      got: '6',
      fix: 'The stream is as before: continue with a source that can be used.',
    }))
    expect(() => stream.reorder([0])).toThrow(ShapeError)
    for (const bad of [2, -1, 0.5, Number.NaN])
      expect(() => stream.reorder([0, bad])).toThrow(/reorder, row 1: expected a row from 0 to 1/)
    expect(namedVariables(stream.frame.initial).map(([, { value }]) => [...backend.read(value)])).toEqual(before)
  })

  it('says what a model without one would need', () => {
    expect(() => model.decoder.stream().encode([[1]])).toThrow(/expected a model with a source/)
  })
})

it('takes one vector as its source', () => {
  const model = encoderDecoder(
    { source: vector(6), encoder: [dense(3)], target: tokens(4), decoder: [embedding(2), gru(3), dense(5)] },
    { backend },
  )
  const stream = model.stream({ batch: 2 })
  stream.encode([[0, 1, 2, 3, 4, 5]])
  const y = stream.step([1, 1])
  near(row(y, 0), row(y, 1))
  expect(() => stream.encode([[1, 2, 3]])).toThrow(/expected 6 numbers, got 3 numbers/)
})

it('refuses parts that do not fit together', () => {
  const make = (start: 'state' | 'input' | 'zero'): unknown =>
    encoderDecoder(
      { source: tokens(6), encoder: [embedding(3)], target: tokens(4), decoder: [embedding(2), gru(3)], start },
      { backend },
    )
  expect(() => make('state')).toThrow(/expected an encoder that remembers or gives one vector/)
  expect(() => make('elsewhere' as 'zero')).toThrow(/start to be/)
  expect(() => make('zero')).not.toThrow()
})

it.each([
  [undefined, /encoderDecoder: expected source to be .*, got nothing/],
  [{}, /expected source/],
  [{ source: 3, encoder: gru(2), target: 3, decoder: [gru(2)] }, /the encoder: expected a list of layers/],
  [{ source: '3', encoder: [gru(2)], target: 3, decoder: [gru(2)] }, /encoderDecoder, the source: expected an input/],
  [{ source: 3, encoder: [gru(2)], target: 3, decoder: [gru] }, /the decoder: expected layer 0 to be a layer/],
  [{ source: 3, encoder: [gru(2)], target: 3, decodr: [gru(2)] }, /Did you mean decoder\?/],
])('parts that are invalid are refused: %#', (parts, error) => {
  expect(() => encoderDecoder(parts as never)).toThrow(error)
})
