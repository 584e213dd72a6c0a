import { expect, it } from 'vitest'
import { decades } from './lines.ts'

it('spans the powers of ten that are there, not too few and not too many', () => {
  expect(decades([0.02, 0.5])).toEqual({ least: -4, most: 0, marks: [[0, '1'], [-2, '1e-2'], [-4, '1e-4']] })
  expect(decades([1e-30, 1])).toMatchObject({ least: -12, most: 0 })
  expect(decades([30, 0])).toMatchObject({ least: -2, most: 2 })
  expect(decades([])).toMatchObject({ least: -4, most: 0 })
})
