import { javascript } from '@recurra/backend'
import {
  dense, dropout, embedding, layerNorm, namedVariables, sequential, stack, tokens, vector, type Layer,
} from '@recurra/layers'
import { bidirectional, last, lstm, repeat, rnn } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import { meanSquaredError, sgd, softmaxCrossEntropy, Trainer, type Batch, type Loss } from '../index.ts'

const backend = javascript({ dtype: 'float64' })
const random = (count: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.sin(7 * i + 100 * seed))
const kinds = (count: number, of: number, seed: number): number[] =>
  Array.from({ length: count }, (_, i) => (3 * i + seed) % of)

/** The loss and all gradients of one step. */
const step = (model: Layer, loss: Loss, steps: number, batch: number, data: Batch) => {
  const trainer = new Trainer(model, {
    loss,
    optimizer: sgd({ learningRate: 1e-300 }),
    steps,
    batch,
    padded: data.lengths !== undefined,
  })
  return [trainer.step(data), ...namedVariables(model.params).flatMap(([, { grad }]) => [...backend.read(grad)])]
}
const sumOf = (lists: readonly number[][]): number[] =>
  lists[0]!.map((_, i) => lists.reduce((sum, list) => sum + list[i]!, 0))
const near = (got: readonly number[], want: readonly number[]): void =>
  want.forEach((w, i) => expect(Math.abs(got[i]! - w)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(w))))

const lengths = [4, 1, 0, 3] // the third sequence is not there
const steps = 5
/** Lays sequences side by side; what lies beyond their ends is filled with something that must not matter. */
const side = (sequences: readonly number[][], width: number, filler: number): number[] =>
  sequences.flatMap((values) => Array.from({ length: steps * width }, (_, i) => values[i] ?? filler))

describe('a padded batch has the loss and the gradients of its sequences, each for itself', () => {
  const sum = 'sum' as const
  it('features to values at every step, with NaN in the padding', () => {
    const make = () =>
      sequential(2, [bidirectional((options) => lstm(3, options)), layerNorm(), stack(2, rnn(3)), dense(2)], {
        backend,
      })
    const [x, target] = [lengths.map((n, i) => random(n * 2, i)), lengths.map((n, i) => random(n * 2, i + 9))]
    const alone = lengths.flatMap((n, i) =>
      n ? [step(make(), meanSquaredError({ reduction: sum }), n, 1, { x: x[i]!, target: target[i]! })] : [],
    )
    near(
      step(make(), meanSquaredError({ reduction: sum }), steps, 4, {
        x: side(x, 2, Number.NaN),
        target: side(target, 2, Number.NaN),
        lengths,
      }),
      sumOf(alone),
    )
  })

  it('tokens to classes at every step, with numbers out of range in the padding', () => {
    const make = () => sequential(tokens(5), [embedding(3), lstm(3), dense(4)], { backend })
    const [x, target] = [lengths.map((n, i) => kinds(n, 5, i)), lengths.map((n, i) => kinds(n, 4, i))]
    const alone = lengths.flatMap((n, i) =>
      n ? [step(make(), softmaxCrossEntropy({ reduction: sum }), n, 1, { x: x[i]!, target: target[i]! })] : [],
    )
    const padded = step(make(), softmaxCrossEntropy({ reduction: sum }), steps, 4, {
      x: side(x, 1, 99),
      target: side(target, 1, -7),
      lengths,
    })
    near(padded, sumOf(alone))
    // The mean is that over all steps that count.
    const [mean] = step(make(), softmaxCrossEntropy(), steps, 4, {
      x: side(x, 1, 99),
      target: side(target, 1, -7),
      lengths,
    })
    expect(mean).toBeCloseTo(padded[0]! / 8, 12)
  })

  it('one class for each sequence', () => {
    const make = () => sequential(2, [rnn(3), last(), dense(4)], { backend })
    const x = lengths.map((n, i) => random(n * 2, i))
    const alone = lengths.flatMap((n, i) =>
      n ? [step(make(), softmaxCrossEntropy({ reduction: sum }), n, 1, { x: x[i]!, target: [i] })] : [],
    )
    near(
      step(make(), softmaxCrossEntropy({ reduction: sum }), steps, 4, {
        x: side(x, 2, Number.NaN),
        target: [0, 1, 99, 3],
        lengths,
      }),
      sumOf(alone),
    )
  })

  it('one vector to a sequence, where lengths only say who is there', () => {
    const make = () => sequential(vector(2), [repeat(3), rnn(3), dense(1)], { backend })
    const here = [1, 0, 2] // any length is there
    const [x, target] = [here.map((_, i) => random(2, i)), here.map((_, i) => random(3, i))]
    const alone = [0, 2].map((i) =>
      step(make(), meanSquaredError({ reduction: sum }), 1, 1, { x: x[i]!, target: target[i]! }),
    )
    near(
      step(make(), meanSquaredError({ reduction: sum }), 2, 3, { x: x.flat(), target: target.flat(), lengths: here }),
      sumOf(alone),
    )
  })

  it('new lengths for every batch', () => {
    const make = () => sequential(2, [rnn(3), dropout(0), dense(2)], { backend })
    const trainer = new Trainer(make(), {
      loss: meanSquaredError(),
      optimizer: sgd({ learningRate: 1e-300 }),
      steps,
      batch: 2,
      padded: true,
    })
    const [x, target] = [random(20, 1), random(20, 2)]
    const losses = [[5, 5], [1, 2], undefined].map((l) => trainer.step({ x, target, ...(l && { lengths: l }) }))
    expect(losses[2]).toBe(losses[0])
    expect(losses[1]).not.toBe(losses[0])
    expect(trainer.items).toBe(10)
  })
})
