import { Random } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketedIndexBatches } from './bucketed-index-batches.ts'

const lengthLists = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 40 })
const padding = (lengths: readonly number[], limits: readonly number[]): number =>
  lengths.reduce((sum, length) => sum + limits.find((limit) => limit >= length)! - length, 0)

describe('buckets', () => {
  it('hold every sequence once, in batches that are long enough, all full but one', () => {
    const [batches, counts] = [fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 })]
    fc.assert(fc.property(lengthLists, batches, counts, fc.nat(), (lengths, batch, buckets, seed) => {
      const indexBatches = bucketedIndexBatches(lengths, batch, buckets)
      for (const epoch of [indexBatches.epoch(), indexBatches.epoch(new Random(seed))]) {
        expect(epoch.flatMap(({ members }) => members).toSorted((a, b) => a - b)).toEqual(lengths.map((_, i) => i))
        for (const { steps, members } of epoch)
          for (const member of members) expect(lengths[member]).toBeLessThanOrEqual(steps)
        expect(epoch.filter(({ members }) => members.length < batch).length).toBeLessThanOrEqual(1)
        expect(epoch).toHaveLength(Math.ceil(lengths.length / batch))
        expect([...new Set(epoch.map(({ steps }) => steps))].toSorted((a, b) => a - b)).toEqual(indexBatches.steps)
      }
      expect(indexBatches.steps.length).toBeLessThanOrEqual(buckets)
    }), { numRuns: 100, seed: 1 })
  })

  it('hold fewer sequences where they are long: a batch has at most the steps given, or one sequence', () => {
    fc.assert(
      fc.property(
        lengthLists,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 30 }),
        (lengths, batch, most) => {
          const indexBatches = bucketedIndexBatches(lengths, batch, 4, most)
          const epoch = indexBatches.epoch(new Random(1))
          expect(epoch.flatMap(({ members }) => members).toSorted((a, b) => a - b)).toEqual(lengths.map((_, i) => i))
          for (const { steps, members } of epoch) {
            const size = indexBatches.batches[indexBatches.steps.indexOf(steps)]!
            expect(members.length).toBeLessThanOrEqual(size)
            expect(size).toBeLessThanOrEqual(batch)
            expect(size === 1 || size * steps <= most).toBe(true)
          }
          expect(epoch).toHaveLength(indexBatches.count)
        },
      ),
      { numRuns: 100, seed: 1 },
    )
  })

  it('pad as little as any choice of limits would', () => {
    fc.assert(fc.property(lengthLists, fc.integer({ min: 1, max: 3 }), (lengths, buckets) => {
      const sorted = [...new Set(lengths)].sort((a, b) => a - b)
      const top = sorted.at(-1)!
      const choices = sorted.flatMap((a) =>
        sorted.map((b) => [a, b].slice(0, buckets - 1).concat(top).sort((c, d) => c - d)),
      )
      const least = Math.min(...choices.map((limits) => padding(lengths, limits)))
      // batches of one: nothing goes to the next bucket
      expect(padding(lengths, bucketedIndexBatches(lengths, 1, buckets).steps)).toBe(least)
    }), { numRuns: 100, seed: 1 })
  })

  it('are redrawn for each epoch, and the same for the same seed', () => {
    const indexBatches = bucketedIndexBatches(Array.from({ length: 40 }, (_, i) => 1 + (i % 8)), 4, 3)
    const random = new Random(5)
    const [first, second] = [indexBatches.epoch(random), indexBatches.epoch(random)]
    expect(second).not.toEqual(first)
    expect(indexBatches.epoch(new Random(5))).toEqual(first)
    expect(first.map(({ steps }) => steps)).not.toEqual(first.map(({ steps }) => steps).toSorted((a, b) => a - b))
  })
})
