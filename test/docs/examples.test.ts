import { expect, it } from 'vitest'
import { publicValues, type PublicValue } from './public-values.ts'

/** Operations of formulas: their comment is their formula, and an example would say it again. */
const operation = ({ path }: PublicValue): boolean => path === 'packages/formula/src/expression.ts'
/** Errors are caught, not made. */
const error = ({ name }: PublicValue): boolean => /^[A-Z].*Error$/.test(name)
/** What a function with an example makes, or plain data. */
const made = [
  'activations', 'AttentionPool', 'Bidirectional', 'Branches', 'EncoderDecoder', 'modelFiles', 'OptimizerState',
  'RNNLayer', 'Residual', 'Sequential', 'TimeDistributed',
]

it('everything that people call has an example, which runs as a test', () => {
  const without = publicValues.filter(
    (value) => !operation(value) && !error(value) && !made.includes(value.name) && !/```[jt]s/.test(value.comment),
  )
  expect(without.map(({ name, path }) => `${name} in ${path}`)).toEqual([])
})

it('there is much that people call', () => expect(publicValues.length).toBeGreaterThan(100))
