import { expect, it } from 'vitest'
import { table } from './table.ts'

it('lays out a table, numbers to the right', () => {
  expect(
    table(['model', 'held out'], [['linear', '91.5 %'], ['deep', '9 %']]),
  ).toBe('model   held out\nlinear    91.5 %\ndeep         9 %')
})
