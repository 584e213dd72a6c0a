import { javascript } from '@recurra/backend'
import {
  defineLayer, dense, features, namedVariables, passOf, sequential, variable, zero, type Blueprint, type Same,
  type Sequence,
} from '@recurra/layers/authoring'
import { last, lstm } from '@recurra/rnn'
import { asRows } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { evaluate, fit, meanSquaredError, predict, sequences, sgd, Trainer } from '@recurra/training'

const backend = javascript({ dtype: 'float64' })
const loss = meanSquaredError()

/** Every other step: y[t] = x[2t]. */
const everyOther = (): Blueprint<Sequence, Same, {}> =>
  defineLayer({
    type: 'everyOther',
    accepts: ['sequence'],
    build: (input) => ({
      out: input,
      causal: false,
      plan(x, { steps, batch, mode, lengths, ...rest }) {
        const half = Math.ceil(steps / 2)
        const y = variable(backend, [half, batch, input.size], mode === 'training')
        const indices = backend.indices([half * batch], steps * batch)
        const row = (i: number): number => 2 * Math.floor(i / batch) * batch + (i % batch)
        backend.write(indices, Array.from({ length: half * batch }, (_, i) => row(i)))
        const forward = [backend.gather({ out: asRows(y.value), table: features(x), indices })]
        const backward = mode === 'inference' || x.grad.shape[0] === 0
          ? []
          : [zero(backend, x.grad), backend.scatterAdd({ table: asRows(x.grad), rows: asRows(y.grad), indices })]
        const own = lengths && { lengths: lengths.derive(half, (t) => 2 * t) }
        return { y, callShape: { ...rest, steps: half, batch, mode, ...own }, pass: passOf(forward, backward) }
      },
    }),
  })

const model = () => sequential(1, [lstm(3), everyOther(), lstm(4), everyOther(), dense(2)], { backend })
const lengthsOf = [7, 2, 5]
const x = lengthsOf.map((steps, i) => Array.from({ length: steps }, (_, t) => [Math.sin(3 * i + t)]))
const quarter = (steps: number): number => Math.ceil(Math.ceil(steps / 2) / 2)
const target = x.map((one, i) => Array.from({ length: quarter(one.length) }, (_, t) => [Math.cos(i + t), t]))

describe('a layer that gives fewer steps than it takes', () => {
  it('trains on padded sequences as on each of them alone', () => {
    const [together, alone] = [model(), model()]
    const gradientsOf = (made: typeof together): number[][] =>
      namedVariables(made.params).map(([, { grad }]) => [...backend.read(grad)])
    const padding = (one: number[][], steps: number): number[] =>
      Array.from({ length: (steps - one.length) * one[0]!.length }, () => Number.NaN)
    const wide = (rows: number[][][], steps: number): number[] =>
      rows.flatMap((one) => [...one.flat(), ...padding(one, steps)])
    const plan = { loss: meanSquaredError({ reduction: 'sum' }), optimizer: sgd({ learningRate: 1e-300 }) }
    const trainer = new Trainer(together, { ...plan, steps: 7, batch: 3, padded: true })
    const all = trainer.step({ x: wide(x, 7), target: wide(target, 2), lengths: lengthsOf })
    let sum = 0
    const gradients = gradientsOf(together).map((list) => list.map(() => 0))
    x.forEach((one, i) => {
      const single = new Trainer(alone, { ...plan, steps: one.length, batch: 1 })
      sum += single.step({ x: one.flat(), target: target[i]!.flat() })
      gradientsOf(alone).forEach((list, k) => list.forEach((value, j) => (gradients[k]![j]! += value)))
    })
    expect(all).toBeCloseTo(sum, 12)
    gradientsOf(together).forEach((list, k) =>
      list.forEach((value, j) => expect(value).toBeCloseTo(gradients[k]![j]!, 12)),
    )
  })

  it('answers to each sequence as if it were alone, and 0 behind its end', async () => {
    const made = model()
    const y = await predict(made, x)
    expect(y.shape).toEqual([3, 2, 2])
    for (const [i, one] of x.entries()) {
      const own = await predict(made, [one])
      const count = quarter(one.length) * 2
      expect(Array.from(y.data).slice(i * 4, i * 4 + count)).toEqual(Array.from(own.data).slice(0, count))
      expect(Array.from(y.data).slice(i * 4 + count, (i + 1) * 4)).toEqual([0, 0, 0, 0].slice(count))
    }
  })

  it('is measured and trained by fit, with one answer at the real end of each', async () => {
    const short = sequential(1, [everyOther(), lstm(3), last(), dense(1)], { backend })
    const data = sequences({ x, target: [[1], [0], [1]], batch: 2 })
    const before = (await evaluate(short, data, { loss })).loss
    await fit(short, data, { loss, optimizer: sgd({ learningRate: 0.2 }), epochs: 50 })
    expect((await evaluate(short, data, { loss })).loss).toBeLessThan(before / 2)
    const own = await Promise.all(x.map(async (one) => (await predict(short, [one])).data[0]!))
    const all = await predict(short, x)
    own.forEach((value, i) => expect(all.data[i]).toBeCloseTo(value, 12))
  })
})
