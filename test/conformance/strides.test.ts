import { javascript } from '@recurra/backend'
import {
  averagePool, convolution, maxPool, defineLayer, dense, features, passOf, sequential, stack, strided, variable,
  type Blueprint, type Layer, type Same, type Sequence, type Sequential, type Signal, type Stream, type StreamState,
} from '@recurra/layers/authoring'
import { gru, lstm } from '@recurra/rnn'
import { asRows, ConfigurationError, Random } from '@recurra/tensor'
import { meanSquaredError, predict, sgd, Trainer } from '@recurra/training'
import { describe, expect, it } from 'vitest'

const backend = javascript({ dtype: 'float64' })
const random = new Random(3)
const input = (batch: number, steps: number): number[][][] =>
  Array.from({ length: batch }, () =>
    Array.from({ length: steps }, () => [random.uniform(-1, 1), random.uniform(-1, 1)]))

/** The last of each `every` steps. */
const lastOf = (every: number): Blueprint<Sequence, Same, {}> => {
  const stride = { every, first: every - 1 }
  return defineLayer({
    type: 'lastOf',
    options: { every },
    accepts: ['sequence'],
    build: (out) => ({
      out,
      stride,
      plan(x, callShape) {
        const [shape, { batch }] = [strided(callShape, stride), callShape]
        const y = variable(backend, [shape.steps, batch, out.size], false)
        const indices = backend.indices([shape.steps * batch], callShape.steps * batch)
        const step = (row: number): number => callShape.streaming ? 0 : every * Math.floor(row / batch) + every - 1
        backend.write(indices, Array.from({ length: shape.steps * batch }, (_, row) => step(row) * batch + row % batch))
        const forward = [backend.gather({ out: asRows(y.value), table: features(x), indices })]
        return { y, callShape: shape, pass: passOf(forward) }
      },
    }),
  })
}

const models: { readonly [name: string]: () => Sequential } = {
  'a convolution between recurrent layers': () => sequential(2, [
    gru(3), convolution(3, { kernel: 3, stride: 2, padding: 'causal' }), lstm(3), dense(2),
  ], { backend }),
  'convolutions without padding': () => sequential(2, [
    convolution(3, { kernel: 3 }), gru(3), convolution(3, { kernel: 2, dilation: 2, stride: 2 }), lstm(2),
  ], { backend }),
  'pools': () => sequential(2, [
    lstm(3), maxPool({ kernel: 2 }), gru(3), averagePool({ kernel: 3, stride: 1 }), dense(2),
  ], { backend }),
  'two convolutions in a stack': () => sequential(2, [
    stack(2, convolution(2, { kernel: 4, stride: 2, padding: 'causal' })), lstm(3),
  ], { backend }),
  'the last of each three steps, and every other of them': () => sequential(2, [
    lstm(3), lastOf(3), gru(3), convolution(2, { kernel: 1, stride: 2 }), gru(2),
  ], { backend }),
}

describe.each(Object.entries(models))('a stream of a model with a stride: %s', (_, make) => {
  const x = input(3, 13)
  const steps = (from: number, to: number, stream: Stream): (number[] | undefined)[] =>
    Array.from({ length: to - from }, (_, t) => {
      const y = stream.push(x.map((one) => one[from + t]!))
      return y && [...backend.read(y)]
    })

  it('gives what the whole sequence gives, and undefined at the steps between', async () => {
    const model = make()
    const whole = await predict(model, x)
    const [stream, { every, first = 0 }] = [model.stream({ batch: 3 }), model.stride!]
    for (let round = 0; round < 2; round++) {
      const given = steps(0, 13, stream)
      expect(given.map((y) => y !== undefined)).toEqual(given.map((_, t) => t >= first && (t - first) % every === 0))
      const [outputs, width] = [given.filter((y) => y !== undefined), model.out.size]
      expect(whole.shape).toEqual([3, outputs.length, width])
      outputs.forEach((y, j) => y.forEach((value, i) => {
        const [b, f] = [Math.floor(i / width), i % width]
        expect(value).toBeCloseTo(whole.data[(b * outputs.length + j) * width + f]!, 12)
      }))
      stream.reset()
    }
  })

  it('continues from a saved state between two outputs', () => {
    const model = make()
    const [stream, later] = [model.stream({ batch: 3 }), model.stream({ batch: 3 })]
    steps(0, 5, stream)
    const saved: StreamState = JSON.parse(JSON.stringify(stream.save()))
    steps(0, 8, later)
    later.restore(saved)
    expect(saved.steps).toBe(5)
    expect(steps(5, 13, later)).toEqual(steps(5, 13, stream))
    for (const wrong of [-1, 0.5, undefined, '5', Number.NaN])
      expect(() => later.restore({ ...saved, steps: wrong as number })).toThrow(/restore, steps: expected a number of/)
  })
})

describe('what does not go with a stride', () => {
  const model = models['a convolution between recurrent layers']!

  it('step, which has an output at every step', () => {
    const step = () => model().stream().step([0, 0])
    expect(step).toThrow(/step: expected a model with an output at every step.* Call push/)
    const plain = sequential(2, [gru(3)], { backend })
    expect(plain.stream().push([1, 2])).toEqual(plain.stream().step([1, 2]))
    const saved = { ...plain.stream().save(), steps: 1 }
    expect(() => plain.stream().restore(saved)).toThrow(/restore, steps: expected undefined, got 1/)
  })

  it('setState, which knows nothing of the steps taken', () => {
    const [stream, other] = [model().stream(), model().stream()]
    stream.push([1, 2])
    const set = () => other.setState(stream.state)
    expect(set).toThrow(/setState: expected a model with an output at every step.* save and/)
  })

  it.each([
    [{ every: 0 }, 'expected every to be an integer of at least 1, got 0'],
    [{ every: 1.5 }, 'got 1.5'],
    [{ every: 2, first: -1 }, 'expected first to be an integer of at least 0, got -1'],
    [{ evry: 2 }, 'Did you mean every?'],
    [2, 'got 2'],
  ])('a stride that is none: %o', (stride, says) => {
    const none = defineLayer({
      type: 'none', accepts: ['sequence'],
      build: (out) => ({ out, stride: stride as never, plan: () => { throw new Error('it is not built') } }),
    })
    const build = () => sequential(2, [none], { backend })
    expect(build).toThrow(ConfigurationError)
    expect(build).toThrow(says)
  })

  it('a state that is carried over windows of other steps', () => {
    const plan = (steps: number) => () =>
      new Trainer(model(), { loss: meanSquaredError(), optimizer: sgd(), steps, batch: 1, carry: true })
    expect(plan(5)).toThrow(/carry: expected windows of a multiple of 2 steps/)
    expect(plan(4)).not.toThrow()
    const without = sequential(2, [convolution(2, { kernel: 3 })], { backend })
    const carry = () =>
      new Trainer(without, { loss: meanSquaredError(), optimizer: sgd(), steps: 4, batch: 1, carry: true })
    expect(carry).toThrow('carry: expected layers that have an output for every step of a window')
  })

  it('a sequence that is too short, and a layer that gives other steps than it says', () => {
    const short = sequential(2, [lastOf(3)], { backend })
    return expect(predict(short, input(1, 2))).rejects.toThrow(/stride: expected at least 3 steps/)
  })

  it('a container that does not say so', () => {
    const inner = lastOf(2).build({ kind: 'sequence', size: 2 }, { backend, random })
    const wrapper: Blueprint<Signal, Same, {}> = {
      type: 'wrapper',
      build: () => ({ ...inner, type: 'wrapper', stride: undefined, parts: [['0', inner]] }) as Layer,
    }
    const stream = () => sequential(2, [wrapper], { backend }).stream()
    expect(stream).toThrow(/expected a stride of wrapper, since its layer 0/)
  })
})
