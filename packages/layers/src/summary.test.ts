import { javascript } from '@recurra/backend'
import { expect, it } from 'vitest'
import { dense, dropout, named, sequential, vector } from './index.ts'

it('a summary is a table: names, what layers give, and how many numbers they learn', () => {
  const model = sequential(vector(100), [named('hidden', dense(1000)), dropout(0.5), dense(2, { bias: false })], {
    backend: javascript(),
  })
  expect(model.summary().split('\n')).toEqual([
    '        input    a vector of 100 features',
    'hidden  dense    a vector of 1000 features  101,000',
    '1       dropout  a vector of 1000 features        0',
    '2       dense    a vector of 2 features       2,000',
    '                 parameters                 103,000',
  ])
})
