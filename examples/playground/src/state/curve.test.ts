import { expect, it } from 'vitest'
import { emptyCurve, extend, stepsOf } from './curve.ts'

it('keeps every loss while they are few', () => {
  const curve = extend(extend(emptyCurve, [3, 2]), [1])
  expect(curve.points).toEqual([3, 2, 1])
  expect(stepsOf(curve)).toEqual([1, 2, 3])
})

it('stays short however long it lasts, and true in its mean', () => {
  const losses = Array.from({ length: 10_000 }, (_, i) => i)
  let curve = emptyCurve
  for (let from = 0; from < losses.length; from += 37) curve = extend(curve, losses.slice(from, from + 37))
  expect(curve.points.length).toBeLessThanOrEqual(600)
  expect(curve.stride).toBe(32)
  expect(stepsOf(curve).at(-1)! + curve.rest.length).toBe(10_000)
  curve.points.forEach((point, i) => expect(point).toBeCloseTo(i * 32 + 15.5, 9))
})
