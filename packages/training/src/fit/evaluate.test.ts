import { javascript } from '@recurra/backend'
import { dense, dropout, namedVariables, sequential } from '@recurra/layers'
import { last, quantize, rnn } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import {
  accuracy, characters, confusionMatrix, ctc, evaluate, fit, meanSquaredError, perplexity, sequences,
  softmaxCrossEntropy, type Data,
} from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const x = [5, 2, 3, 1, 4].map((steps, i) =>
  Array.from({ length: steps }, (_, t) => [Math.sin(i + t), Math.cos(3 * i + t)]),
)

describe('evaluate', () => {
  it('is the mean over all that counts, however it is cut into batches', async () => {
    const model = sequential(2, [rnn(3), dropout(0.5), dense(1)], { backend })
    const target = x.map((sequence) => sequence.map(([a]) => [a! * a!]))
    const measured = async (batch: number): Promise<number> =>
      (await evaluate(model, sequences({ x, target, batch }), { loss: meanSquaredError() })).loss
    const alone = await Promise.all(
      x.map((one, i) => evaluate(model, sequences({ x: [one], target: [target[i]!] }), { loss: meanSquaredError() })),
    )
    const mean = alone.reduce((sum, { loss }, i) => sum + loss * x[i]!.length, 0) / 15
    for (const batch of [1, 2, 3, 5, 64]) expect(await measured(batch)).toBeCloseTo(mean, 12)
  })

  it('is the same for a quantized model, however it is cut into batches; to train that is an error', async () => {
    const small = quantize(sequential(2, [rnn(3), dense(1)], { backend }))
    const target = x.map((sequence) => sequence.map(([a]) => [a! * a!]))
    const losses = await Promise.all([1, 2, 5].map(async (batch) =>
      (await evaluate(small, sequences({ x, target, batch }), { loss: meanSquaredError() })).loss))
    for (const loss of losses) expect(loss).toBeCloseTo(losses[0]!, 12)
    await expect(fit(small, sequences({ x, target }), { loss: meanSquaredError(), steps: 1 }))
      .rejects.toThrow('quantized')
  })

  it('weighs classes as a single mean would, and averages sums over the batches', async () => {
    const model = sequential(2, [rnn(3), last(), dense(3)], { backend })
    const [target, weights] = [[0, 2, 1, 1, 2], [1, 5, 0.5]]
    const measured = async (batch: number, reduction: 'mean' | 'sum'): Promise<number> =>
      (await evaluate(model, sequences({ x, target, batch }), { loss: softmaxCrossEntropy({ weights, reduction }) }))
        .loss
    expect(await measured(2, 'mean')).toBeCloseTo(await measured(5, 'mean'), 12)
    expect(await measured(2, 'sum')).toBeCloseTo((await measured(5, 'sum')) / 3, 12)
  })

  it('measures metrics over all that counts: neither padding nor what the loss ignores', async () => {
    const model = sequential(2, [rnn(3), dense(3)], { backend })
    const target = x.map((one, i) => one.map((_, t) => ((i + t) % 4 === 3 ? -1 : (i + t) % 3)))
    const loss = softmaxCrossEntropy({ ignore: -1 })
    const metrics = { accuracy: accuracy(), perplexity: perplexity(), confusion: confusionMatrix() }
    const measured = await evaluate(model, sequences({ x, target, batch: 2, buckets: 2 }), { loss, metrics })
    expect(measured.metrics.perplexity).toBeCloseTo(Math.exp(measured.loss), 12)
    const counted = target.flat().filter((one) => one >= 0)
    const { confusion } = measured.metrics
    expect(confusion.map((row) => row.reduce((a, b) => a + b))).toEqual(
      [0, 1, 2].map((c) => counted.filter((one) => one === c).length),
    )
    expect(measured.metrics.accuracy).toBeCloseTo(
      (confusion[0]![0]! + confusion[1]![1]! + confusion[2]![2]!) / counted.length,
      12,
    )
    expect(await evaluate(model, sequences({ x, target, batch: 5 }), { loss, metrics })).toEqual({
      loss: expect.closeTo(measured.loss, 12) as number,
      metrics: { ...measured.metrics, perplexity: expect.closeTo(measured.metrics.perplexity, 12) as number },
    })
  })

  it('says where metrics of rows have none to look at', async () => {
    const model = sequential(2, [rnn(3)], { backend })
    const data: Data = {
      steps: 2,
      batch: 1,
      batches: 1,
      padded: false,
      carry: false,
      epoch: () => [{ x: [1, 2, 3, 4], target: [1] }],
    }
    const options = { loss: ctc({ labels: 1 }), metrics: { accuracy: accuracy() } }
    await expect(evaluate(model, data, options)).rejects.toThrow(
      /metrics: expected a loss with a target for every row of scores/,
    )
  })

  it('changes nothing, and ends when the signal says so', async () => {
    const text = characters('to be or not to be')
    const model = sequential(text.size, [rnn(3)], { backend })
    const before = namedVariables(model.params).map(([, { value }]) => backend.read(value))
    const data = sequences({
      x: x.map((one) => one.map(() => Array.from({ length: text.size }, () => 1))),
      target: x.map((one) => one.map(() => [1, 2, 3])),
    })
    await evaluate(model, data, { loss: meanSquaredError() })
    expect(namedVariables(model.params).map(([, { value }]) => backend.read(value))).toEqual(before)
    await expect(evaluate(model, data, { loss: meanSquaredError(), signal: AbortSignal.abort('enough') })).rejects.toBe(
      'enough',
    )
  })
})
