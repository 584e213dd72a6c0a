import { ConfigurationError } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weightsOf, type Filter } from './filter.ts'
import { temperature } from './temperature.ts'
import { topK } from './top-k.ts'
import { topP } from './top-p.ts'

/** What is left of some probabilities. */
const after = (probabilities: readonly number[], ...filters: readonly Filter[]): number[] => {
  const scores = Float64Array.from(probabilities, Math.log)
  for (const filter of filters) filter(scores)
  const weights = weightsOf(scores)
  const sum = weights.reduce((a, b) => a + b)
  return [...weights].map((weight) => weight / sum)
}
const near = (got: readonly number[], want: readonly number[]): void => {
  expect(got.length).toBe(want.length)
  want.forEach((w, i) => expect(got[i]).toBeCloseTo(w, 12))
}
const few = [0.1, 0.4, 0.2, 0.3]

describe('filters', () => {
  it('temperature raises probabilities to the power of its inverse', () => {
    near(after(few, temperature(0.5)), [1 / 30, 16 / 30, 4 / 30, 9 / 30])
    near(after(few, temperature(1)), few)
    near(after(few, temperature(1e15)), [0.25, 0.25, 0.25, 0.25])
    near(after(few, temperature(1e-320)), [0, 1, 0, 0])
  })

  it('topK keeps the k likeliest, of equals the first', () => {
    near(after(few, topK(2)), [0, 4 / 7, 0, 3 / 7])
    near(after([0.25, 0.25, 0.25, 0.25], topK(3)), [1 / 3, 1 / 3, 1 / 3, 0])
    near(after(few, topK(9)), few)
  })

  it('topP keeps the fewest that have p together', () => {
    near(after(few, topP(1e-9)), [0, 1, 0, 0])
    near(after(few, topP(0.39)), [0, 1, 0, 0])
    near(after(few, topP(0.41)), [0, 4 / 7, 0, 3 / 7])
    near(after(few, topP(0.91)), few)
    near(after(few, topP(1)), few)
  })

  it('topP never keeps less than p, nor one token that it could do without', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (weights, p) => {
          const sum = weights.reduce((a, b) => a + b)
          const all = weights.map((weight) => weight / sum)
          const kept = all.filter((_, i) => after(all, topP(p))[i]! > 0)
          const together = kept.reduce((a, b) => a + b, 0)
          expect(together).toBeGreaterThanOrEqual(p - 1e-9)
          expect(together - Math.min(...kept)).toBeLessThan(p + 1e-9)
        },
      ),
    )
  })

  it('act one after the other, also on what is ruled out already', () => {
    near(after(few, topK(3), topP(0.5)), [0, 4 / 7, 0, 3 / 7])
    near(after([0, 0.5, 0, 0.5], topK(3), topP(1), temperature(2)), [0, 0.5, 0, 0.5])
  })

  it('refuse what is invalid', () => {
    for (const value of [0, -1, Infinity, Number.NaN])
      expect(() => temperature(value)).toThrow(
        /temperature: expected value to be a finite number above 0, got .*use greedy/,
      )
    for (const value of ['1', true, 1n, [1], null, {}] as never[]) {
      for (const filter of [temperature, topK, topP]) expect(() => filter(value)).toThrow(ConfigurationError)
    }
    for (const k of [0, 1.5, -1]) expect(() => topK(k)).toThrow(/topK: expected k to be an integer of at least 1, got/)
    for (const p of [0, -0.1, 1.1, Number.NaN])
      expect(() => topP(p)).toThrow(/topP: expected p to be a number above 0 and at most 1, got/)
  })
})
