import { readFileSync } from 'node:fs'
import {
  editDistance, ShapeError, swapTimeAndBatch, tensor, tensorOver, ValueError, type Nested,
} from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  accuracy, bitsPerCharacter, confusionMatrix, describeConfusion, errorRate, perClass, perplexity, reportsOf,
  type ScoredBatch,
} from '../index.ts'

interface Saved {
  shape: number[]
  data: number[]
}
interface Case {
  name: string
  scores: Saved
  target: Saved
  counts: Saved
  accuracy: number
  top2: number
  confusion: Saved
  precision: Saved
  recall: Saved
  f1: Saved
  perplexity: number
  bits: number
}
const { classes, distances } = JSON.parse(
  readFileSync(new URL('../../../../test/golden/metrics.json', import.meta.url), 'utf8'),
) as {
  classes: Case[]
  distances: { a: number[]; b: number[]; distance: number }[]
}
const of = ({ shape, data }: Saved) => tensorOver(Float64Array.from(data), shape)

describe.each(classes)('metrics equal NumPy, $name', (c) => {
  const whole: ScoredBatch = { y: of(c.scores), target: of(c.target), counts: of(c.counts) }
  /** The same rows, one sequence after the other, as evaluation would cut them. */
  const cut = Array.from({ length: c.target.shape[0]! }, (_, b): ScoredBatch => {
    const one = <T extends { offset: number; stride: readonly number[]; shape: readonly number[] }>(x: T): T =>
      ({ ...x, shape: [1, ...x.shape.slice(1)], offset: b * x.stride[0]! })
    return { y: one(whole.y), target: one(whole.target), counts: one(whole.counts!) }
  })
  const measures = {
    accuracy: accuracy(),
    top2: accuracy({ top: 2 }),
    perplexity: perplexity(),
    bits: bitsPerCharacter(),
  }
  for (const [name, metric] of Object.entries(measures))
    it(name, () => {
      metric.add(whole)
      expect(metric.value).toBeCloseTo(c[name as keyof typeof measures], 12)
      metric.reset()
      for (const outcome of cut) metric.add(outcome)
      expect(metric.value).toBeCloseTo(c[name as keyof typeof measures], 12)
    })

  it('confusion, precision, recall, F1', () => {
    const [confusion, each] = [confusionMatrix(), perClass()]
    for (const metric of [confusion, each]) cut.forEach((outcome) => metric.add(outcome))
    expect(confusion.value.flat()).toEqual(c.confusion.data)
    for (const name of ['precision', 'recall', 'f1'] as const)
      expect(each.value.map((one) => one[name])).toEqual(c[name].data.map((want) => expect.closeTo(want, 12) as number))
    expect(each.value).toEqual(reportsOf(confusion.value))
  })
})

describe('edit distance', () => {
  it('equals NumPy', () => {
    for (const { a, b, distance } of distances) expect(editDistance(a, b)).toBe(distance)
  })

  it('is a metric, between the difference of lengths and the longer length', () => {
    const word = fc.array(fc.nat(2), { maxLength: 7 })
    fc.assert(fc.property(word, word, word, (a, b, c) => {
      const ab = editDistance(a, b)
      expect(editDistance(b, a)).toBe(ab)
      expect(ab === 0).toBe(a.join() === b.join())
      expect(ab + editDistance(b, c)).toBeGreaterThanOrEqual(editDistance(a, c))
      expect(ab).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
      expect(ab).toBeLessThanOrEqual(Math.max(a.length, b.length))
    }), { numRuns: 200, seed: 1 })
  })

  it('becomes a rate', () => {
    const rate = errorRate()
    expect(rate.value).toEqual({ symbols: 0, sequences: 0 })
    rate.compare('sitting', 'kitten')
    rate.compare('', 'ab')
    rate.compare([1], [1])
    expect(rate.value).toEqual({ symbols: 5 / 9, sequences: 2 / 3 })
    rate.reset()
    const y = tensor([[[1, 0], [0, 1]], [[1, 0], [1, 0]]])
    rate.add({ y, target: tensor([[0, 0], [0, 1]]), counts: tensor([[1, 1], [1, 0]]) })
    expect(rate.value).toEqual({ symbols: 1 / 3, sequences: 1 / 2 })
  })
})

describe('metrics of classes', () => {
  it('count every row that counts once, wherever it lies in memory', () => {
    const scores = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 3, maxLength: 3 })
    const rows = fc.array(fc.record({ scores, wanted: fc.nat(2), counts: fc.nat(1) }), { minLength: 1 })
    fc.assert(fc.property(rows, (list) => {
      const of = <T extends Nested>(pick: (row: (typeof list)[number]) => T) => tensor(list.map((row) => [pick(row)]))
      const [y, target, counts] = [of((row) => row.scores), of(({ wanted }) => wanted), of((row) => row.counts)]
      const outcome = { y, target, counts }
      const turned = { y: swapTimeAndBatch(y), target: swapTimeAndBatch(target), counts: swapTimeAndBatch(counts) }
      for (const one of [outcome, turned]) {
        const [matrix, share] = [confusionMatrix(), accuracy()]
        matrix.add(one)
        share.add(one)
        const all = matrix.value.flat().reduce((a, b) => a + b)
        expect(all).toBe(list.filter((row) => row.counts > 0).length)
        expect(share.value * all).toBeCloseTo(matrix.value.reduce((sum, row, i) => sum + row[i]!, 0), 9)
        expect(perClassCounts(one)).toEqual(matrix.value.map((row) => row.reduce((a, b) => a + b)))
      }
    }), { numRuns: 100, seed: 1 })
  })
  const perClassCounts = (outcome: ScoredBatch): number[] => {
    const metric = perClass()
    metric.add(outcome)
    return metric.value.map(({ count }) => count)
  }

  it('are sober about what is not a number, and about nothing at all', () => {
    const metric = accuracy({ top: 3 })
    expect([metric.value, perplexity().value, bitsPerCharacter().value, confusionMatrix().value]).toEqual([0, 1, 0, []])
    metric.add({ y: tensor([[NaN, 1, 2], [1e300, NaN, 0]], { dtype: 'float64' }), target: tensor([0, 0]) })
    expect(metric.value).toBe(0.5)
    const doubt = perplexity()
    doubt.add({ y: tensor([[1e300, 1e300]], { dtype: 'float64' }), target: tensor([0]) })
    expect(doubt.value).toBeCloseTo(2, 12)
  })

  it('say what does not fit', () => {
    const y = tensor([[1, 2], [3, 4]])
    expect(() => accuracy({ top: 0 })).toThrow(/accuracy: expected top to be an integer of at least 1, got 0/)
    expect(() => accuracy().add({ y, target: tensor([1]) })).toThrow(ShapeError)
    expect(() => accuracy().add({ y, target: tensor([1, 1]), counts: tensor([[1, 1]]) })).toThrow(
      /metric, counts: expected one for each row of scores \[2, 2\]: \[2\], got \[1, 2\]/,
    )
    expect(() => perClass().add({ y, target: tensor([1, 2]) })).toThrow(ValueError)
    expect(() => perClass().add({ y, target: tensor([1, 0.5]) })).toThrow(
      /target at sequence 1: expected a class from 0 to 1, got 0.5/,
    )
    const metric = confusionMatrix()
    metric.add({ y, target: tensor([0, 1]) })
    expect(() => metric.add({ y: tensor([[1, 2, 3]]), target: tensor([0]) })).toThrow(
      /scores of 2 classes, as before, got 3/,
    )
  })

  it('draw a confusion matrix with columns that stand below each other', () => {
    expect(describeConfusion([[10, 0], [2, 345]])).toBe('    0    1\n0  10    .\n1   2  345')
  })
})
