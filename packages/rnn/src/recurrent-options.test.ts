import { sequential } from '@recurra/layers'
import { expect, it } from 'vitest'
import { lstm, sLstm } from './cells/cells.ts'

it.each([
  [{ zoneout: 0.1 }, /zoneout to be probabilities by state slot, such as \{ h: 0.1 \}, got 0.1/],
  [{ zoneout: null }, /zoneout to be/],
  [{ zoneout: { h: '0.1' } }, /the zoneout of h to be a number from 0 to 1/],
  [{ gateBias: 1 }, /gateBias to be numbers by gate, such as \{ f: 1 \}, got 1/],
  [{ gateBias: [1] }, /gateBias to be/],
  [{ gateBias: { f: '1' } }, /finite numbers/],
  [{ initializers: null }, /initializers to be/],
  [{ initializers: [0.1] }, /initializers to be/],
])('what has names is not a number: %o', (options, error) => {
  expect(() => sequential(3, [lstm(2, options as never)])).toThrow(error)
})

it('refuses heads that a cell does not have, or that do not divide its size', () => {
  expect(() => lstm(4, { heads: 2 })).toThrow('expected no heads, which this cell does not have, got heads: 2')
  expect(() => sLstm(4, { heads: 3 })).toThrow('expected heads that divide the size, 4, got heads: 3')
  expect(() => sLstm(4, { heads: 2, projection: 2 })).toThrow('either heads or a projection')
})
