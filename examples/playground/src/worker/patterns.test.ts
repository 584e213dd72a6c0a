import { expect, it } from 'vitest'
import { unitsOf } from './patterns.ts'

it('a unit is active where it stays beyond the threshold, on one side of 0', () => {
  const values = Float32Array.from([0.9, -0.5, 0.2, 0.5, 0.8, -0.4, 0.9, -0.5, 0.7, -0.9, 0.9, 0.1])
  const state = { values, rows: 3, columns: 4 } // [0.9 -0.5 0.2 0.5] [0.8 -0.4 0.9 -0.5] [0.7 -0.9 0.9 0.1]
  expect([...unitsOf(state, 0, 1)]).toEqual([[0, 1], [1, -1]])
  expect([...unitsOf(state, 1, 2)]).toEqual([[0, 1], [1, -1], [2, 1]])
  expect([...unitsOf(state, 0, 0)]).toEqual([[0, 1], [1, -1], [3, 1]])
})
