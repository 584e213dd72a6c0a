import { ConfigurationError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import * as v from 'valibot'
import { FormatError } from './errors.ts'
import { parsed } from './parsed.ts'

const schema = v.object({ version: v.literal(1), rates: v.array(v.number()) })

it('gives what the schema describes', () =>
  expect(parsed(schema, { version: 1, rates: [0.1] }, { where: 'settings' })).toEqual({ version: 1, rates: [0.1] }))

it('says where it is wrong, and who should have written it', () => {
  const read = (): unknown =>
    parsed(schema, { version: 1, rates: [0.1, 'high'] }, { where: 'settings', writer: 'my program' })
  expect(read).toThrow(
    new ConfigurationError({
      where: 'settings, rates.1',
      expected: 'number',
      got: '"high"',
      fix: 'It was not written by my program, or changed by hand.',
    }),
  )
})

it('knows another version, and throws what it is told to', () => {
  const read = (): unknown => parsed(schema, { version: 2 }, { where: 'settings', error: FormatError })
  expect(read).toThrow(FormatError)
  expect(read).toThrow(
    'settings, version: expected 1, got 2. It was written by another version of Recurra; use one that knows it.',
  )
  expect(() => parsed(schema, 7, { where: 'settings' })).toThrow('settings: expected Object, got 7')
})
