import { javascript } from '@recurra/backend'
import { dense, sequential } from '@recurra/layers'
import { last, rnn } from '@recurra/rnn'
import { describe, expect, it } from 'vitest'
import { ctc, evaluate, fit, NotFiniteError, sequences, Trainer, adam } from '../../index.ts'

const backend = javascript({ dtype: 'float64' })

describe('ctc in training', () => {
  const model = () => sequential(2, [rnn(4), dense(3)], { backend })
  const x = [[[1, 0], [0, 1], [1, 1]], [[0, 1], [1, 0]]]

  it('learns from sequences and targets of any lengths, and from a last batch that is not full', async () => {
    const data = sequences({ x: [...x, [[1, 1]]], target: [[1, 2], [2, 0], [0, 0]], batch: 2 })
    const { losses } = await fit(model(), data, {
      loss: ctc({ labels: 2 }),
      optimizer: adam({ learningRate: 0.05 }),
      epochs: 100,
    })
    expect(losses[0]).toBeGreaterThan(0.5)
    expect(losses.at(-1)).toBeLessThan(0.1)
  })

  it('says which step met a target that cannot be spelt', async () => {
    const data = sequences({ x, target: [[1, 2], [2, 2]], batch: 2 })
    const failure = fit(model(), data, { loss: ctc({ labels: 2 }) })
    await expect(failure).rejects.toThrow(NotFiniteError)
    await expect(failure).rejects.toThrow(
      /training step 1: expected a finite loss, got Infinity.* A target needs a step per label/,
    )
    await expect(fit(model(), data, { loss: ctc({ labels: 2, zeroInfinity: true }) })).resolves.toBeDefined()
  })

  it('refuses labels that are no classes, and such that come after a blank', () => {
    const trainer = new Trainer(model(), { loss: ctc({ labels: 3 }), optimizer: adam(), steps: 3, batch: 1 })
    const step = (target: number[]) => () => trainer.step({ x: [1, 0, 0, 1, 1, 1], target })
    expect(step([1, 3, 0])).toThrow(
      /target at sequence 0, feature 1 .*: expected an integer from 0 to 2, and .*, got 3/,
    )
    expect(step([1, 0, 2])).toThrow(
      new RegExp(
        'target at sequence 0, feature 2 .*: expected an integer from 0 to 2, ' +
          'and nothing but 0 after the first 0, got 2',
      ),
    )
    expect(step([1, 2])).toThrow(/expected 3 numbers/)
    expect(step([1, 2, 0])).not.toThrow()
  })

  it('refuses options that are invalid', () => {
    expect(() => ctc({ labels: 0 })).toThrow(/ctc: expected labels to be an integer of at least 1, got 0/)
    expect(() => ctc({ labels: 1, blank: -1 })).toThrow(/ctc: expected blank to be an integer of at least 0, got -1/)
    const options = { loss: ctc({ labels: 1, blank: 3 }), optimizer: adam(), steps: 2, batch: 1 }
    expect(() => new Trainer(model(), options)).toThrow(/a blank below 3, the number of classes, got 3/)
    const vector = sequential(2, [rnn(4), last()], { backend })
    expect(() => new Trainer(vector, options)).toThrow(/scores for every step, got \[1, 4\]/)
  })
})

describe('ctc()', () => {
  const model = () => sequential(1, [rnn(4), dense(4)], { backend })
  const x = [[[1], [0], [0], [2]], [[0], [2], [0]]]
  const data = sequences({ x, target: [[1, 2], [2, 0]] })

  it('takes the number of labels from the data, and 0 for the blank', async () => {
    const [without, spelt] = await Promise.all(
      [ctc(), ctc({ labels: 2, blank: 0 })].map((loss) => fit(model(), data, { loss, epochs: 5 })),
    )
    expect(without!.losses).toEqual(spelt!.losses)
    expect((await evaluate(model(), data, { loss: ctc() })).loss).toBe(
      (await evaluate(model(), data, { loss: ctc({ labels: 2 }) })).loss,
    )
    const trainer = new Trainer(model(), { loss: ctc(), optimizer: adam(), steps: 4, batch: 1, targetSize: 2 })
    expect(trainer.step({ x: [1, 0, 0, 2], target: [1, 2] })).toBeGreaterThan(0)
  })

  it('says how many labels to plan for, where they are not known', () => {
    const trainer = new Trainer(model(), { loss: ctc(), optimizer: adam(), steps: 4, batch: 1 })
    expect(() => trainer.step({ x: [1, 0, 0, 2], target: [1, 2] })).toThrow(
      'got 2. Plan for lists of 2 labels: ctc({ labels: 2 }).',
    )
    expect(trainer.step({ x: [1, 0, 0, 2], target: [1, 2, 0, 0] })).toBeGreaterThan(0)
  })
})
