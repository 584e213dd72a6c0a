import { sequential } from '@recurra/layers'
import { ConfigurationError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { bidirectional } from './bidirectional.ts'
import { lstm } from './cells/cells.ts'

it('a layer that leaves its direction out would read twice from the beginning: it is refused', () => {
  expect(() => sequential(3, [bidirectional(() => lstm(2))])).toThrow(
    /bidirectional: .*receives its direction.*options\) => lstm/,
  )
  expect(sequential(3, [bidirectional(({ reverse = false }) => lstm(2, { reverse }))]).out.size).toBe(4)
  expect(sequential(3, [bidirectional((options) => lstm(2, { ...options, biases: 1 }))]).out.size).toBe(4)
})

it.each([lstm(2), null, undefined, 'lstm', {}])('takes a function of the direction, not %o', (make) => {
  expect(() => bidirectional(make as never)).toThrow(ConfigurationError)
  expect(() => bidirectional((() => make === null ? null : 3) as never)).toThrow(ConfigurationError)
})
