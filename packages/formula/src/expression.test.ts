import { ConfigurationError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import * as all from './index.ts'

const { input } = all
const x = input('x')
const values = [["'0.5'", '0.5'], ['null', null], ['undefined', undefined], ['true', true], ['1n', 1n], ['[]', []],
  ['a Date', new Date()], ['a function', () => 1]] as const

describe('an operand that is neither an expression nor a number is named:', () => {
  const methods = ['add', 'sub', 'mul', 'div'] as const
  const unary = ['abs', 'erf', 'exp', 'expm1', 'log', 'log1p', 'meanOverColumns', 'relu', 'sigmoid', 'softplus', 'sqrt',
    'square', 'tanh', 'logSoftmaxOverColumns', 'logSumExpOverColumns', 'softmaxOverColumns', 'sumOverColumns',
    'sumOverRows', 'sumOverAll', 'maxOverColumns', 'maxOverRows', 'maxOverAll', 'accumulate'] as const
  const binary = ['max', 'min', 'equal'] as const

  it.each(values)('%s', (shown, value) => {
    const got = value as never
    for (const method of methods) {
      expect(() => x[method](got), method).toThrow(ConfigurationError)
      expect(() => x[method](got)).toThrow(`${method}, operand 2: expected an expression or a number, got `)
      expect(() => x[method](got)).toThrow(shown)
    }
    for (const name of unary) expect(() => (all[name] as (x: never) => unknown)(got), name).toThrow(ConfigurationError)
    for (const name of binary) {
      expect(() => all[name](x, got), name).toThrow(ConfigurationError)
      expect(() => all[name](got, x), name).toThrow(ConfigurationError)
    }
    for (const at of [0, 1, 2]) {
      const operands = [x, x, x].map((one, i) => (i === at ? got : one)) as [typeof x, typeof x, typeof x]
      expect(() => all.select(...operands)).toThrow(`select, operand ${at + 1}: `)
      expect(() => all.mix(...operands)).toThrow(ConfigurationError)
    }
    expect(() => all.formula({ element: ['x'] }, () => ({ y: got }))).toThrow(ConfigurationError)
  })

  it('numbers stand for constants', () => {
    expect(all.square(3 as never).op).toBe('mul')
    expect(all.softplus(3 as never).op).toBe('add')
  })
})
