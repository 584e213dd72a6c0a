import { Random, tensor, transposed } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ctcBeam, ctcGreedy } from '../../index.ts'

/** How likely every spelling is, from all paths one by one; 0 is the blank. */
const spellingsOf = (logits: readonly (readonly number[])[]): Map<string, number> => {
  const found = new Map<string, number>()
  const walk = (path: readonly number[], p: number): void => {
    const row = logits[path.length]
    if (row) {
      const all = row.reduce((sum, x) => sum + Math.exp(x), 0)
      return row.forEach((x, label) => walk([...path, label], (p * Math.exp(x)) / all))
    }
    const spelling = path.filter((label, t) => label !== path[t - 1] && label !== 0).join()
    found.set(spelling, (found.get(spelling) ?? 0) + p)
  }
  walk([], 1)
  return found
}
const drawn = (seed: number, steps: number, classes = 3): number[][] => {
  const random = new Random(seed)
  return Array.from({ length: steps }, () => Array.from({ length: classes }, () => random.uniform(-2, 2)))
}

describe('ctcBeam', () => {
  it('of full width finds the probability of every spelling', () =>
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 1, max: 5 }), (seed, steps) => {
      const logits = drawn(seed, steps)
      const want = spellingsOf(logits)
      const [found] = ctcBeam(tensor([logits], { dtype: 'float64' }), { width: 1000 })
      const got = found!.filter(({ logProbability }) => logProbability > -Infinity)
      expect(got.length).toBe(want.size)
      got.forEach(({ labels, logProbability }) =>
        expect(Math.exp(logProbability)).toBeCloseTo(want.get(labels.join())!, 12),
      )
      expect(got.map(({ logProbability }) => logProbability)).toEqual(
        got.map(({ logProbability }) => logProbability).sort((a, b) => b - a),
      )
    })))

  it('of a width of some finds what is likely, and never claims too much', () => {
    const right = Array.from({ length: 100 }, (_, seed) => {
      const logits = drawn(seed, 6)
      const want = spellingsOf(logits)
      const best = [...want].sort((a, b) => b[1] - a[1])[0]![0]
      const [[found]] = ctcBeam(tensor([logits], { dtype: 'float64' }), { width: 5 }) as [
        [{ labels: number[]; logProbability: number }],
      ]
      expect(Math.exp(found.logProbability)).toBeLessThanOrEqual(want.get(found.labels.join())! + 1e-12)
      return found.labels.join() === best
    })
    expect(right.filter(Boolean).length).toBeGreaterThan(90)
  })
})

describe('ctcGreedy', () => {
  it('joins equal neighbours, and then drops blanks', () => {
    const path = (...labels: number[]): number[][] =>
      labels.map((label) => [0, 1, 2].map((other) => Number(other === label)))
    const y = tensor([path(0, 1, 1, 0, 1, 2), path(0, 0, 0, 0, 0, 0), path(2, 2, 1, 2, 2, 0)])
    expect(ctcGreedy(y)).toEqual([[1, 1, 2], [], [2, 1, 2]])
    expect(ctcGreedy(y, { blank: 2 })).toEqual([[0, 1, 0, 1], [0], [1, 0]])
    expect(ctcGreedy(y, { lengths: [3, 1, 0] })).toEqual([[1], [], []])
  })

  it('takes a view as well', () => {
    const y = tensor([[1, 0, 0], [0, 1, 1]])
    const view = { ...transposed(y), shape: [1, 3, 2], stride: [0, 1, 3] }
    expect(ctcGreedy(view)).toEqual([[1]])
  })

  it('is what a beam finds where one path is as good as certain', () => {
    const logits = Array.from({ length: 20 }, (_, seed) => drawn(seed, 8).map((row) => row.map((x) => 100 * x)))
    const y = tensor(logits)
    expect(ctcBeam(y, { width: 3 }).map(([best]) => best!.labels)).toEqual(ctcGreedy(y))
  })
})

describe('decoding of CTC refuses', () => {
  const y = tensor([drawn(1, 4)])
  it('a width of 0', () => {
    expect(() => ctcBeam(y, { width: 0 })).toThrow(/width to be an integer of at least 1, got 0/)
  })

  it.each([
    ['a blank that is no class', { blank: 3 }, /a blank below 3, the number of classes, got 3/],
    ['lengths of another batch', { lengths: [4, 4] }, /one length for each of 1 sequences, got 2/],
    ['a length beyond the steps', { lengths: [5] }, /an integer from 0 to 4 steps, got 5/],
  ])('%s', (_, options, complaint) => {
    expect(() => ctcBeam(y, { width: 2, ...options })).toThrow(complaint)
    expect(() => ctcGreedy(y, options)).toThrow(complaint)
  })

  it('what is no sequence, or no number', () => {
    expect(() => ctcGreedy(tensor([[1, 2]]))).toThrow(/expected shape \[any, any, any\], got \[1, 2\]/)
    expect(() => ctcGreedy(tensor([[[1, Number.NaN]]]))).toThrow(/scores with a largest that is finite, got NaN/)
  })
})
