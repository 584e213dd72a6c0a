import { ConfigurationError } from '@recurra/tensor'
import { expect, it } from 'vitest'
import { javascript } from '../javascript/javascript.ts'
import { int8Backend } from './int8-backend.ts'

it('refuses a matrix whose numbers are kept elsewhere, which it would round to NaN', () => {
  const backend = int8Backend(javascript())
  const matrix = { ...backend.zeros([2, 3]), data: new Float32Array(0) }
  expect(() => backend.declareInt8(matrix, 1)).toThrow(ConfigurationError)
  expect(() => backend.declareInt8(matrix, 1)).toThrow('expected a backend whose memory the program can read at once')
})
