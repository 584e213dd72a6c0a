import { describe, expect, it } from 'vitest'
import { ConfigurationError, Random } from './index.ts'

const draw = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.uniform())
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

describe('Random', () => {
  it('gives the same numbers for the same seed, others for others', () => {
    expect(draw(new Random(7), 5)).toEqual(draw(new Random(7), 5))
    const first = Array.from({ length: 200 }, (_, seed) => new Random(seed).uniform())
    expect(new Set(first).size).toBe(200)
    expect(mean(first)).toBeGreaterThan(0.4) // small seeds do not begin alike
    expect(mean(first)).toBeLessThan(0.6)
  })

  it('continues from a saved state', () => {
    const random = new Random(3)
    random.normal()
    const { state } = random
    const next = draw(random, 5)
    random.state = state
    expect(draw(random, 5)).toEqual(next)
    const other = new Random(99)
    other.state = JSON.parse(JSON.stringify(state)) as number[]
    expect(draw(other, 5)).toEqual(next)
  })

  it('draws from the distributions it names', () => {
    const random = new Random(1)
    const numbers = Array.from({ length: 20_000 }, () => random.normal(2, 3))
    expect(Math.abs(mean(numbers) - 2)).toBeLessThan(0.1)
    expect(Math.abs(Math.sqrt(mean(numbers.map((x) => (x - 2) ** 2))) - 3)).toBeLessThan(0.1)
    expect(numbers.every(Number.isFinite)).toBe(true)
    const counts = [0, 0, 0]
    for (let i = 0; i < 10_000; i++) counts[random.choice([1, 0, 3])]!++
    expect(counts[1]).toBe(0)
    expect(Math.abs(counts[2]! / 10_000 - 0.75)).toBeLessThan(0.02)
    expect(new Set(Array.from({ length: 500 }, () => random.integer(4)))).toEqual(new Set([0, 1, 2, 3]))
    expect(random.shuffle([1, 2, 3, 4, 5]).toSorted()).toEqual([1, 2, 3, 4, 5])
  })

  it('draws as many uniform numbers for Bernoulli trials as there are', () => {
    const trials = new Float64Array(5)
    new Random(7).bernoulli(trials, 0.4, 2, -1)
    expect([...trials]).toEqual(draw(new Random(7), 5).map((x) => (x < 0.4 ? 2 : -1)))
    new Random(7).bernoulli(trials, 1)
    expect([...trials]).toEqual([1, 1, 1, 1, 1])
  })

  it('never chooses what has no weight, even where rounding leaves a rest', () => {
    const random = Object.assign(new Random(1), { uniform: () => 1 })
    expect(random.choice([0, 0.5, 0.5, 0])).toBe(2)
  })

  it('refuses a seed that is not an integer', () => {
    for (const seed of [0.5, Number.NaN, Infinity]) expect(() => new Random(seed)).toThrow(ConfigurationError)
  })

  it('refuses a state that is not four integers', () => {
    const random = new Random(1)
    const { state } = random
    for (const wrong of [[1, 2, 3], [1, 2, 3, 0.5], []])
      expect(() => void (random.state = wrong)).toThrow(/expected a state of four integers, got \[/)
    expect(random.state).toEqual(state)
  })
})
