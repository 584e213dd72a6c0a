import { webassembly, type Backend } from '@recurra/backend'
import {
  countParameters, dense, gru, lstm, meanSquaredError, sequential, sgd, stack, Trainer, type Stream,
} from 'recurra'
import { namedVariables } from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import { backends } from './backends.ts'

const modelOn = (backend: Backend) => sequential(3, [stack(2, lstm(5)), gru(4), dense(2)], { backend, seed: 3 })
const input = (stream: number, step: number, batch = 1): number[] =>
  Array.from({ length: 3 * batch }, (_, i) => Math.sin(1 + 7 * stream + 3 * step + i))
const read = (stream: Stream, x: number[]): number[] => [...stream.backend.read(stream.step(x))]

describe.each(Object.entries(backends))('streams of one model on %s', (_, make) => {
  it('give in turn what each gives alone, to the bit', () => {
    const shapes = [1, 1, 4, 1, 4, 9]
    const alone = shapes.map((batch, k) => {
      const stream = modelOn(make()).stream({ batch })
      return Array.from({ length: 5 }, (_, t) => read(stream, input(k, t, batch)))
    })
    const model = modelOn(make())
    const streams = shapes.map((batch) => model.stream({ batch }))
    const inTurn = streams.map((): number[][] => [])
    for (let t = 0; t < 5; t++) streams.forEach((stream, k) => inTurn[k]!.push(read(stream, input(k, t, shapes[k]))))
    expect(inTurn).toEqual(alone)
  })

  it('keep what they gave, and their states, whatever others do', () => {
    const model = modelOn(make())
    const [one, two] = [model.stream({ batch: 2 }), model.stream({ batch: 2 })]
    const y = one.step(input(0, 0, 2))
    const [numbers, state] = [[...model.backend.read(y)], one.state]
    two.step(input(1, 0, 2))
    two.reorder([1, 1])
    two.setState({ '0.0.h': [[1, 1, 1, 1, 1], [2, 2, 2, 2, 2]] })
    const saved = two.save()
    two.reset()
    expect([...model.backend.read(y)]).toEqual(numbers)
    expect(one.state).toEqual(state)
    expect(namedVariables(one.frame.initial).map(([, { value }]) => [...model.backend.read(value)]).flat()).toEqual(
      Object.values(state).flat(2),
    )
    const other = model.stream({ batch: 2 })
    other.restore(saved)
    expect(other.save()).toEqual(saved)
    two[Symbol.dispose]()
    expect(read(other, input(1, 1, 2))).not.toEqual(numbers)
    expect(one.state).toEqual(state)
  })

  it.each([1, 5])('see weights that change between their steps: %i rows', (batch) => {
    const run = (inTurn: boolean): number[][] => {
      const model = modelOn(make())
      const options = { loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }), steps: 1, batch: 1 }
      const trainer = new Trainer(model, options)
      const streams = Array.from({ length: 3 }, () => model.stream({ batch }))
      const made: number[][] = []
      for (let t = 0; t < 6; t++) {
        if (t % 3 === 2) trainer.step({ x: input(9, t), target: [1, -1] })
        for (const [k, stream] of streams.entries()) if (inTurn || k === 0) made.push(read(stream, input(0, t, batch)))
      }
      return made
    }
    expect(run(true)).toEqual(run(false).flatMap((y) => [y, y, y]))
  })
})

describe('memory', () => {
  const [units, kibibyte] = [256, 1024]

  it('of a model is that of its parameters, of a further stream its state and its output', () => {
    const backend = webassembly({ memory: 2 ** 25 })
    const made = backend.scope(() => sequential(units, [stack(2, lstm(units))], { backend }))
    const model = made.value
    const weights = 4 * countParameters(model.params)
    expect(made.bytes).toBeLessThan(weights + 10 * kibibyte)
    const first = backend.scope(() => model.stream())
    expect(first.bytes).toBeLessThan(weights + 64 * kibibyte) // packed once
    const further = backend.scope(() => model.stream())
    expect(further.bytes).toBeLessThan(6 * kibibyte)
    // What is left has no room for the gradients, nor for 3,000 packs.
    const streams = Array.from({ length: 3_000 }, () => model.stream())
    const x = Array<number>(units).fill(0.5)
    const y = [...backend.read(first.value.step(x))]
    for (const stream of [further.value, streams[0]!, streams.at(-1)!])
      expect([...backend.read(stream.step(x))]).toEqual(y)
  })

  it('of a stream is free when it is disposed of, also with other batches in between', () => {
    const backend = webassembly({ memory: 2 ** 21 })
    const model = sequential(8, [lstm(64)], { backend })
    for (let i = 0; i < 300; i++) {
      using stream = model.stream({ batch: 1 + (i % 50) })
      stream.step(Array(8 * stream.batch).fill(0.5))
    }
    expect(model.stream().step(Array(8).fill(0.5)).shape).toEqual([1, 64])
  })

  it('of gradients is taken once, by whoever trains first', () => {
    const backend = webassembly({ memory: 2 ** 24 })
    const model = sequential(units, [lstm(units)], { backend })
    const options = { loss: meanSquaredError(), optimizer: sgd({ learningRate: 1e-6 }), steps: 2, batch: 1 }
    const plan = () => backend.scope(() => new Trainer(model, options))
    const [first, second] = [plan(), plan()]
    const weights = 4 * countParameters(model.params)
    expect(first.bytes - second.bytes).toBeGreaterThanOrEqual(weights)
    first[Symbol.dispose]()
    const x = new Float32Array(2 * units).fill(1)
    expect(second.value.step({ x, target: x })).toBeGreaterThan(0) // its gradients are there still
    expect(second.value.gradientNorm).toBeGreaterThan(0)
  })
})
