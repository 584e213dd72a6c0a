import { javascript } from '@recurra/backend'
import { dense, dropout, leaves, sequential } from '@recurra/layers'
import { last, rnn } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import { characters, evaluate, meanSquaredError, sequences, softmaxCrossEntropy } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const x = [5, 2, 3, 1, 4].map((steps, i) => Array.from({ length: steps }, (_, t) => [Math.sin(i + t), Math.cos(3 * i + t)]))

describe('evaluate', () => {
  it('is the mean over all that counts, however it is cut into batches', async () => {
    const model = sequential(2, [rnn(3), dropout(0.5), dense(1)], { backend })
    const target = x.map((sequence) => sequence.map(([a]) => [a! * a!]))
    const measured = (batch: number): Promise<number> =>
      evaluate(model, sequences({ x, target, batch }), { loss: meanSquaredError() })
    const alone = await Promise.all(
      x.map((one, i) => evaluate(model, sequences({ x: [one], target: [target[i]!] }), { loss: meanSquaredError() })),
    )
    const mean = alone.reduce((sum, loss, i) => sum + loss * x[i]!.length, 0) / 15
    for (const batch of [1, 2, 3, 5, 64]) expect(await measured(batch)).toBeCloseTo(mean, 12)
  })

  it('weighs classes as a single mean would, and averages sums over the batches', async () => {
    const model = sequential(2, [rnn(3), last(), dense(3)], { backend })
    const [target, weights] = [
      [0, 2, 1, 1, 2],
      [1, 5, 0.5],
    ]
    const measured = (batch: number, reduction: 'mean' | 'sum'): Promise<number> =>
      evaluate(model, sequences({ x, target, batch }), { loss: softmaxCrossEntropy({ weights, reduction }) })
    expect(await measured(2, 'mean')).toBeCloseTo(await measured(5, 'mean'), 12)
    expect(await measured(2, 'sum')).toBeCloseTo((await measured(5, 'sum')) / 3, 12)
  })

  it('changes nothing, and ends when the signal says so', async () => {
    const text = characters('to be or not to be')
    const model = sequential(text.size, [rnn(3)], { backend })
    const before = leaves(model.params).map(([, { value }]) => backend.read(value))
    const data = sequences({
      x: x.map((one) => one.map(() => Array.from({ length: text.size }, () => 1))),
      target: x.map((one) => one.map(() => [1, 2, 3])),
    })
    await evaluate(model, data, { loss: meanSquaredError() })
    expect(leaves(model.params).map(([, { value }]) => backend.read(value))).toEqual(before)
    await expect(evaluate(model, data, { loss: meanSquaredError(), signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  })
})
