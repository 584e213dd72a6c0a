import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential, type Layer } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import {
  adam, cosineDecay, fit, meanSquaredError, sgd, Trainer, type Batch, type Dataset, type FitOptions,
  type ReduceGradients,
} from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const make = (seed = 4): Layer => sequential(2, [lstm(3), dense(2)], { backend, seed })
const numbers = (model: Layer): number[] =>
  namedVariables(model.params).flatMap(([, { value }]) => [...backend.read(value)])
const wave = (count: number, phase: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(7 * i + phase))

/** Processes in this one: each waits until all have given their numbers, and gets the sum. */
const together = (count: number): ReduceGradients => {
  let waiting: { readonly values: Float64Array; readonly done: () => void }[] = []
  return (values) => new Promise((done) => {
    waiting.push({ values, done })
    if (waiting.length < count) return
    const sum = values.map((_, i) => waiting.reduce((all, one) => all + one.values[i]!, 0))
    for (const one of waiting) one.values.set(sum)
    const all = waiting
    waiting = []
    for (const one of all) one.done()
  })
}

/** Batches of eight sequences, of which one process takes five and the other three, padded unevenly. */
const batchOf = (phase: number, from: number, to: number): Batch => {
  const lengths = [3, 1, 2, 2, 0, 0, 3, 1].map((length) => (length + phase) % 4)
  const cut = (values: readonly number[]): number[] => values.slice(from * 6, to * 6)
  return { x: cut(wave(48, phase)), target: cut(wave(48, phase + 1)), lengths: lengths.slice(from, to) }
}
const data = (from: number, to: number, batches = 4): Dataset => ({
  steps: 3, batch: to - from, batches, padded: true, carry: false,
  epoch: () => Array.from({ length: batches }, (_, phase) => batchOf(phase, from, to)),
})

const options: FitOptions = { loss: meanSquaredError(), optimizer: adam({ learningRate: 0.01 }), steps: 100 }
const near = (want: readonly number[]): number[] =>
  want.map((value) => expect.closeTo(value, 10 - Math.ceil(Math.log10(Math.abs(value)))) as number)

const variants: readonly (readonly [name: string, more: Partial<FitOptions>])[] = [
  ['SGD, clipped by norm', { optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }), clip: { norm: 0.1 } }],
  ['Adam, clipped by value', { clip: { value: 0.01 } }],
  ['Adam with a schedule, clipped by norm', {
    optimizer: adam({ learningRate: cosineDecay(0.03) }), clip: { norm: 0.1 }, accumulate: 2,
  }],
  ['a loss that is a sum', { loss: meanSquaredError({ reduction: 'sum' }), clip: { norm: 0.5 } }],
]

describe('fit({ reduceGradients })', () => {
  it.each(variants)('trains in two processes as one with all of the data: %s', async (_, more) => {
    const [whole, ...ranks] = [make(), make(), make()]
    const reduceGradients = together(2)
    const alone = await fit(whole, data(0, 8), { ...options, ...more })
    const [first, second] = await Promise.all(ranks.map((rank, i) =>
      fit(rank, i ? data(5, 8) : data(0, 5), { ...options, ...more, reduceGradients })))
    expect(numbers(ranks[1]!)).toEqual(numbers(ranks[0]!))
    expect(numbers(ranks[0]!)).toEqual(near(numbers(whole)))
    expect(numbers(whole)).not.toEqual(numbers(make()))
    expect(second!.losses).toEqual(first!.losses)
    expect(first!.losses).toEqual(near(alone.losses))
  })

  it('ends in all of them with an error if one meets one, and no parameter has changed', async () => {
    const bad: Dataset = { ...data(5, 8), epoch: () => [{ ...batchOf(1, 5, 8), x: wave(18, 0).with(0, Number.NaN) }] }
    const target = wave(18, 0).fill(1e200)
    const overflow: Dataset = { ...data(5, 8), epoch: () => [{ ...batchOf(1, 5, 8), target }] }
    const faults = [[bad, /x at sequence 0/], [overflow, /finite loss, got Infinity, first seen/]] as const
    for (const [wrong, error] of faults) {
      const [one, other, reduceGradients] = [make(), make(), together(2)]
      const results = await Promise.allSettled([
        fit(one, data(0, 5), { ...options, reduceGradients }), fit(other, wrong, { ...options, reduceGradients }),
      ])
      const [waiting, failing] = results.map((result) => String((result as PromiseRejectedResult).reason.message))
      expect(waiting).toMatch(/step 1: expected a finite loss in every process, got NaN as their sum/)
      expect(failing).toMatch(error)
      expect(numbers(one)).toEqual(numbers(make()))
      expect(numbers(other)).toEqual(numbers(make()))
    }
  })

  it('ends with the error of the function itself', async () => {
    const gone = async (): Promise<void> => Promise.reject(new Error('the others are gone'))
    await expect(fit(make(), data(0, 5), { ...options, reduceGradients: gone })).rejects.toThrow('the others are gone')
  })

  it('refuses other parameters, other learning rates, and a limit in seconds', async () => {
    const both = (...given: readonly (readonly [Layer, Dataset, Partial<FitOptions>])[]) => {
      const reduceGradients = together(2)
      return Promise.all(given.map(([model, each, more]) => fit(model, each, { ...options, reduceGradients, ...more })))
    }
    await expect(both([make(1), data(0, 5), {}], [make(2), data(5, 8), {}])).rejects.toThrow(
      /reduceGradients: expected the same parameters in every process/,
    )
    const decaying = { optimizer: adam({ learningRate: cosineDecay(0.1) }), epochs: 2, steps: undefined as never }
    await expect(both([make(), data(0, 5, 4), decaying], [make(), data(5, 8, 3), decaying])).rejects.toThrow(
      /the same learning rate in every process/,
    )
    await expect(both([make(), data(0, 5), { seconds: 1 }])).rejects.toThrow(/seconds: expected epochs or steps/)
  })
})

it('a trainer waits, or says that it has to, and goes on after an error', async () => {
  const plan = { loss: meanSquaredError(), optimizer: sgd(), steps: 3, padded: true }
  const sums: number[] = []
  const trainer = new Trainer(make(), {
    ...plan, batch: 8, reduceGradients: (values, update) => void sums.push(update, values[0]!),
  })
  expect(() => trainer.step(batchOf(0, 0, 8))).toThrow(/reduceGradients: .* Await `fit`, or `stepAsync`/)
  expect(() => trainer.stepAsync({ ...batchOf(0, 0, 8), lengths: [9] })).toThrow(/lengths/)
  expect(sums).toEqual([1, Number.NaN])
  const loss = trainer.stepAsync(batchOf(0, 0, 8))
  expect(loss).toBeCloseTo(new Trainer(make(), { ...plan, batch: 8 }).step(batchOf(0, 0, 8)), 12)
  expect(sums.slice(2)).toEqual([1, expect.any(Number)])
})
