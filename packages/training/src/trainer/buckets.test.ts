import { javascript } from '@recurra/backend'
import { dense, namedVariables, sequential } from '@recurra/layers'
import { lstm } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import { adam, evaluate, fit, meanSquaredError, sequences, sgd, Trainer } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const make = () => sequential(1, [lstm(3), dense(1)], { backend })
const loss = meanSquaredError()
const x = [2, 7, 3, 1, 8, 6, 2].map((steps, i) => Array.from({ length: steps }, (_, t) => [Math.sin(i + t)]))
const target = x.map((one) => one.map(([v]) => [v! ** 2]))

describe('batches of different lengths', () => {
  it('give the loss of a single plan with more padding', async () => {
    const model = make()
    const measured = async (buckets: number): Promise<number> =>
      (await evaluate(model, sequences({ x, target, batch: 2, buckets }), { loss })).loss
    expect(await measured(3)).toBeCloseTo(await measured(1), 12)
  })

  it('train as a single plan would that sees the same sequences', () => {
    const [model, twin] = [make(), make()]
    const data = sequences({ x, target, batch: 2, buckets: 3 })
    const plan = { loss, optimizer: adam(), batch: 2, padded: true, steps: data.steps }
    const [trainer, other] = [new Trainer(model, { ...plan, buckets: data.buckets! }), new Trainer(twin, plan)]
    const seen = [...data.epoch()].map(({ steps }) => steps)
    expect(new Set(seen).size).toBe(3)
    for (const batch of data.epoch()) {
      const wide = (values: ArrayLike<number>): number[] =>
        [0, 1].flatMap((b) =>
          Array.from({ length: data.steps }, (_, t) => (t < batch.steps! ? values[b * batch.steps! + t]! : 0)),
        )
      const alike = { x: wide(batch.x), target: wide(batch.target), lengths: batch.lengths! }
      expect(trainer.step(batch)).toBeCloseTo(other.step(alike), 12)
      expect(trainer.items).toBe(other.items)
    }
    const weights = namedVariables(twin.params).map(([, { value }]) => [...backend.read(value)])
    namedVariables(model.params).forEach(([, { value }], i) =>
      backend.read(value).forEach((w, j) => expect(w).toBeCloseTo(weights[i]![j]!, 12)),
    )
  })

  it('are taken by fit', async () => {
    const { losses } = await fit(make(), sequences({ x, target, batch: 2, buckets: 3 }), {
      loss,
      epochs: 20,
      optimizer: adam({ learningRate: 0.01 }),
    })
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
  })

  it('must have been planned, and carry no state', () => {
    const plan = { loss, optimizer: sgd(), batch: 1, steps: 3, buckets: [2, 3] }
    const trainer = new Trainer(make(), plan)
    const batch = { x: [1, 2, 3], target: [1, 2, 3] }
    expect(() => trainer.step(batch)).toThrow(
      /steps of a batch \(training step 1\): expected one of those planned for: 2, 3, got undefined/,
    )
    expect(() => trainer.step({ ...batch, steps: 4 })).toThrow(/got 4\. .*buckets/)
    expect(() => new Trainer(make(), { ...plan, carry: true })).toThrow(
      /carry: expected batches of one length, got batches of 2, 3 steps/,
    )
  })
})
