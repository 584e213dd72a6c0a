import { javascript } from '@recurra/backend'
import { dense, embedding, sequential, tokens, vector, type Layer } from '@recurra/layers'
import { last, lstm } from '@recurra/rnn'
import { RecurraError, ShapeError, ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { fit, meanSquaredError, sequences, sgd, softmaxCrossEntropy, Trainer, type Batch } from './index.ts'

const backend = javascript()
const model = (): Layer => sequential(vector(2), [dense(2)], { backend }) as Layer
const loss = softmaxCrossEntropy()

describe('values of batches', () => {
  const trainer = (): Trainer => new Trainer(model(), { loss, optimizer: sgd(), steps: 1, batch: 2 })
  const step = (batch: object) => () => trainer().step({ x: [1, 2, 3, 4], target: [0, 1], ...batch } as Batch)
  it.each<readonly [batch: object, why: string]>([
    [
      { x: [1, null, 3, 4] },
      'x at sequence 0, feature 1 (training step 1): expected a finite number, got null. ' +
        'Fill the gap with a number, or leave the row out. Nothing was changed',
    ],
    [
      { x: [1, 2, '3', 4] },
      "x at sequence 1, feature 0 (training step 1): expected a finite number, got '3'. Convert it: Number('3').",
    ],
    [{ x: [1, 2, 3, new Date()] }, 'got a Date.'],
    [{ x: [1, 2, 3, 4n] }, 'got 4n.'],
    [{ x: [true, 2, 3, 4] }, 'got true.'],
    // eslint-disable-next-line no-sparse-arrays
    [{ x: [1, , 3, 4] }, 'x at sequence 0, feature 1 (training step 1): expected a finite number, got undefined.'],
    [{ x: BigInt64Array.of(1n, 2n, 3n, 4n) }, 'got 1n. Convert it: Number(1n).'],
    [{ x: [[1, 2], [3, 4], 5, 6] }, 'got [1, 2]. Pass numbers'],
    [
      { target: ['spam', 'ham'] },
      "target at sequence 0 (training step 1): expected an integer from 0 to 1, got 'spam'. " +
        'Give each word a number: labels.indexOf(word)',
    ],
    [{ target: [0, null] }, 'target at sequence 1 (training step 1): expected an integer from 0 to 1, got null.'],
  ])('%o', (batch, why) => {
    expect(step(batch)).toThrow(ValueError)
    expect(step(batch)).toThrow(why)
  })

  it('what is missing, or misspelt', () => {
    expect(step({ target: undefined })).toThrow(
      'target: expected 2 numbers (2 sequences, 1 steps, 1 wide), got undefined.',
    )
    expect(step({ x: null })).toThrow(ShapeError)
    expect(step({ length: [1, 1] })).toThrow('batch: expected a known field, got length. Did you mean lengths?')
    expect(() => trainer().step(undefined as never)).toThrow('batch: expected a batch, { x, target }, got undefined.')
    expect(step({ id: 7 })).not.toThrow()
  })

  it('rows of 1-of-k are told from class numbers', async () => {
    expect(step({ target: [0, 1, 1, 0] })).toThrow(
      'target: expected 2 class numbers (2 sequences, 1 steps, 1 wide), got 4. ' +
        'Pass the number of each class, 0 to 1, and not rows of 1-of-2: row.indexOf(1). Such rows are probabilities',
    )
    const classifier = sequential(tokens(3), [embedding(4), lstm(4), last(), dense(2)], { backend })
    const rows = sequences({ x: [[0, 1], [1, 0]], target: [[0, 1], [1, 0]] })
    await expect(fit(classifier as Layer, rows, { loss })).rejects.toThrow('and not rows of 1-of-2: row.indexOf(1).')
    await expect(fit(classifier as Layer, rows, { loss })).rejects.toThrow(RecurraError)
    await expect(
      fit(model(), sequences({ x: [[1, 2]], target: [[1, 2]] }), { loss: meanSquaredError() }),
    ).resolves.toBeDefined()
  })
})
