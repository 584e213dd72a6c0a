import { dense, sequential, vector } from '@recurra/layers'
import { describe, expect, it } from 'vitest'
import { backend, judge } from '../../../../test/fixtures/judge.ts'
import {
  binaryCrossEntropy, huber, klDivergence, meanSquaredError, negativeLogLikelihood, planLoss, sgd, softmaxCrossEntropy,
  Trainer, type Loss,
} from '../index.ts'

describe('losses at their limits', () => {
  it('cross-entropy of logits of 1e300 is finite and right', () => {
    const { value, gradient } = judge(softmaxCrossEntropy(), [1, 3], [1e300, -1e300, 0], [1])
    expect(value).toBe(2e300)
    expect([...gradient]).toEqual([1, -1, 0])
  })

  it('binary cross-entropy of logits of 1e300 is finite and right', () => {
    const { value, gradient } = judge(binaryCrossEntropy({ reduction: 'sum' }), [1, 2], [1e300, -1e300], [0, 0])
    expect(value).toBe(1e300)
    expect([...gradient]).toEqual([1, 0])
  })

  it('measures without a gradient where none is kept', () => {
    for (const loss of [softmaxCrossEntropy(), negativeLogLikelihood()]) {
      const y = { value: backend.zeros([1, 2]), grad: backend.zeros([0]) }
      const frame = planLoss(loss, backend, y)
      backend.write(y.value, [1, 3])
      backend.write(frame.target, [0])
      expect(frame.run()).toBeCloseTo(loss.type === 'softmaxCrossEntropy' ? 2 + Math.log1p(Math.exp(-2)) : -1, 12)
    }
  })

  it('refuses options that are invalid', () => {
    expect(() => softmaxCrossEntropy({ smoothing: 2 })).toThrow(
      /softmaxCrossEntropy: expected smoothing to be a number from 0 to 1, got 2/,
    )
    expect(() => softmaxCrossEntropy({ weights: [1, -1] })).toThrow(
      /weights to be a list of finite numbers of at least 0, got \[1, -1\]/,
    )
    expect(() => judge(negativeLogLikelihood({ weights: [1] }), [1, 2], [0, 0], [0])).toThrow(
      /class weights: expected one for each of 2 classes, got 1/,
    )
    expect(() => softmaxCrossEntropy({ targets: 'probabilities', ignore: 0 })).toThrow(
      /no class to ignore where targets are/,
    )
    expect(() => binaryCrossEntropy({ posWeight: [1, -1] })).toThrow(
      /posWeight to be a finite number of at least 0, or a list/,
    )
    expect(() => judge(binaryCrossEntropy({ weight: [1] }), [1, 2], [0, 0], [0, 1])).toThrow(
      /binaryCrossEntropy, weight: expected one for each of 2 features, got 1/,
    )
    expect(() => klDivergence({ reduction: 'batchmean' as 'mean' })).toThrow(/one of 'mean', 'batchMean', /)
    expect(() => huber({ delta: 0 })).toThrow(/huber: expected delta/)
    expect(() => softmaxCrossEntropy({ ignoreIndex: 0 } as object)).toThrow(/got ignoreIndex\. Did you mean ignore\?/)
    expect(() => meanSquaredError({ reduction: 'average' as 'mean' })).toThrow(
      /one of 'mean', 'sum', 'none', got 'average'/,
    )
    expect(() => binaryCrossEntropy({ delta: 1 } as object)).toThrow(/binaryCrossEntropy: expected a known option/)
  })
})

describe('targets of a kind', () => {
  const model = () => sequential(vector(2), [dense(3)], { backend })
  const step = (loss: Loss, target: readonly number[]) => (): void => {
    using trainer = new Trainer(model(), { loss, optimizer: sgd(), steps: 1, batch: 1 })
    trainer.step({ x: [1, 2], target })
  }

  it('that are probabilities lie between 0 and 1', () => {
    const soft = softmaxCrossEntropy({ targets: 'probabilities' })
    expect(step(soft, [0, 1.2, 0])).toThrow(
      /target at sequence 0, feature 1 .*: expected a number from 0 to 1, got 1.2/,
    )
    expect(step(soft, [2])).toThrow(/expected 3 numbers/)
    expect(step(binaryCrossEntropy(), [0, 1, -1])).toThrow(/feature 2 .*from 0 to 1, got -1/)
    expect(step(klDivergence(), [0, Number.NaN, 0])).toThrow(/from 0 to 1, got NaN/)
    expect(step(soft, [0.25, 0.75, 0])).not.toThrow()
    expect(step(klDivergence({ logTarget: true }), [-1, -2, -3])).not.toThrow()
  })

  it('a batchMean divides by the sequences that count, whatever their steps', () => {
    const variable = { value: backend.zeros([2, 3, 2]), grad: backend.zeros([2, 3, 2]) } // [time, batch, classes]
    const frame = planLoss(klDivergence({ reduction: 'batchMean' }), backend, variable)
    backend.write(variable.value, Array.from({ length: 12 }, () => Math.log(0.5)))
    backend.write(frame.target, Array.from({ length: 12 }, (_, i) => (i % 2 ? 1 : 0)))
    expect(frame.run()).toBeCloseTo((6 * Math.LN2) / 3, 12)
    backend.write(frame.mask, [1, 1, 0, 1, 0, 0]) // two steps of the first, one of the second, none of the third
    expect(frame.run()).toBeCloseTo((3 * Math.LN2) / 2, 12)
    expect(backend.read(variable.grad).slice(0, 4)).toEqual(Float64Array.of(-0, -0.5, -0, -0.5))
  })
})
