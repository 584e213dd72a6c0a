import { expect, it } from 'vitest'
import { beside, columnOf, transposed } from './heat-map.ts'

const grid = { values: Float32Array.of(1, 2, 3, 4, 5, 6), rows: 2, columns: 3 }

it('turns, cuts out, and puts side by side', () => {
  expect(transposed(grid)).toEqual({ values: Float32Array.of(1, 4, 2, 5, 3, 6), rows: 3, columns: 2 })
  expect(transposed(transposed(grid))).toEqual(grid)
  expect(columnOf(grid, 1)).toEqual({ values: Float32Array.of(2, 5), rows: 2, columns: 1 })
  expect(beside([columnOf(grid, 0), columnOf(grid, 1), columnOf(grid, 2)])).toEqual(grid)
  expect(beside([])).toEqual({ values: new Float32Array(), rows: 0, columns: 0 })
})
