import { expect, it } from 'vitest'
import { exponent, median } from './statistics.ts'

it('takes the middle', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
})

it('finds the exponent of a power law', () => {
  expect(exponent([1, 2, 4, 8], [3, 12, 48, 192])).toBeCloseTo(2, 12)
  expect(exponent([64, 256, 1024], [5, 5, 5])).toBeCloseTo(0, 12)
})
