import { ConfigurationError } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { split } from '../index.ts'

const data = (count: number) => ({
  x: Array.from({ length: count }, (_, i) => [i]),
  target: Array.from({ length: count }, (_, i) => (i % 10 === 0 ? 1 : 0)),
})

describe('split', () => {
  it('deals every entry out once, with all that belongs to it, near the shares', () => {
    fc.assert(fc.property(fc.integer({ min: 20, max: 200 }), fc.nat(), fc.boolean(), (count, seed, stratified) => {
      const all = data(count)
      const shares = [0.7, 0.2, 0.1]
      const parts = split(all, shares, { seed, ...(stratified && { stratify: 'target' as const }) })
      expect(parts.flatMap(({ x }) => x.flat()).toSorted((a, b) => a - b)).toEqual(all.x.flat())
      parts.forEach(({ x, target }, p) => {
        expect(target).toEqual(x.map(([i]) => all.target[i!]))
        expect(x).toEqual(x.toSorted(([a], [b]) => a! - b!))
        expect(Math.abs(x.length - shares[p]! * count)).toBeLessThan(1.5)
      })
    }), { numRuns: 100, seed: 1 })
  })

  it('is the same for the same seed alone', () => {
    const dealt = (seed?: number) => split(data(50), [0.5, 0.5], seed === undefined ? {} : { seed })
    expect(dealt(3)).toEqual(dealt(3))
    expect(dealt(1)).toEqual(dealt())
    expect(dealt(2)).not.toEqual(dealt(3))
  })

  it('stratified, gives every part the classes in the same shares', () => {
    for (let seed = 0; seed < 20; seed++) {
      const parts = split(data(100), [0.8, 0.2], { seed, stratify: 'target' })
      expect(parts.map(({ target }) => target.filter((one) => one === 1).length)).toEqual([8, 2])
    }
  })

  it('says what cannot be dealt out', () => {
    expect(() => split(data(9), [0.5, 0.4])).toThrow(ConfigurationError)
    expect(() => split(data(9), [1.5, -0.5])).toThrow(
      /split: expected shares above 0 that are 1 together, got \[1.5, -0.5\]/,
    )
    expect(() => split(data(9), [])).toThrow(/shares above 0/)
    expect(() => split(data(2), [0.9, 0.1])).toThrow(/split, part 1: expected at least one entry, got none of 2/)
    expect(() => split({ x: [1, 2], target: [1] }, [1])).toThrow(
      /split, target: expected as many entries as x, 2, got 1/,
    )
  })
})
