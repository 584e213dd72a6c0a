import { expect, it } from 'vitest'
import { bitsByFrequency } from './bits-by-frequency.ts'

const text = (pattern: string, times: number): Int32Array => Int32Array.from(pattern.repeat(times), Number)

it('order 0 comes to the entropy of the characters', () => {
  // -(3/4 log2 3/4 + 1/4 log2 1/4)
  expect(bitsByFrequency(text('0001', 5000), text('1000', 50), 2, 0)).toBeCloseTo(0.8113, 3)
})

it('order 2 knows a pattern of three from the two before', () => {
  expect(bitsByFrequency(text('012', 3000), text('012', 50), 3, 1)).toBeLessThan(0.01)
  expect(bitsByFrequency(text('0012', 3000), text('0012', 50), 3, 1)).toBeGreaterThan(0.4) // after 0 comes 0 or 1
  expect(bitsByFrequency(text('0012', 3000), text('0012', 50), 3, 2)).toBeLessThan(0.01)
})

it('is a distribution, also over what was never seen', () => {
  const learned = text('0012', 10)
  const probabilities = [0, 1, 2, 3].map((next) => 2 ** -bitsByFrequency(learned, Int32Array.of(3, 3, next), 4, 2))
  expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
  expect(Math.min(...probabilities)).toBeGreaterThan(0)
})
