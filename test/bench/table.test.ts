import { expect, it } from 'vitest'
import { short, table } from './table.ts'

it('puts names to the left and numbers to the right', () =>
  expect(
    table(['', 'ms'], [['numpy', '7.1'], ['a', '120']]),
  ).toBe(['        ms', '-----  ---', 'numpy  7.1', 'a      120'].join('\n')))

it('keeps the digits that matter', () =>
  expect([0.04561, 4.5678, 123.4, 12345, Number.NaN].map(short)).toEqual(['0.0456', '4.57', '123', '12,300', '-']))
