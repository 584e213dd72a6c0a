import { expect, it } from 'vitest'
import { mostFrequent, rangeOf, scaled, scalerOf, unscaled } from './numbers.ts'

it('numbers have a range, and a value that comes most often: the first of several', () => {
  expect(rangeOf([3, -1, 2])).toEqual([-1, 3])
  expect(mostFrequent(['a', 'b', 'b', 'a', 'c'], '')).toBe('a')
  expect(mostFrequent([], 0)).toBe(0)
})

it('numbers are scaled by feature, and back; one that never changes keeps its size', () => {
  const scaler = scalerOf([[1, 5], [3, 5]])
  expect(scaled([1, 6], scaler)).toEqual([-1, 1])
  expect(unscaled([-1, 1], scaler)).toEqual([1, 6])
})

it('a number that is missing does not count, and a feature without any is left as it is', () => {
  expect(scalerOf([[1, NaN], [NaN, NaN], [3, NaN]])).toEqual({ mean: [2, 0], deviation: [1, 1] })
})
