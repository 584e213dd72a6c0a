import { javascript } from '@recurra/backend'
import { ConfigurationError, Random } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { dense, embedding, namedVariables, sequence, tokens, type Blueprint, type Signal } from '../index.ts'
import { draw } from './draw.ts'
import type { Initializer } from './initializer.ts'

const [rows, columns] = [300, 100]
const drawn = (initializer: Initializer, shape = [rows, columns]): number[] =>
  draw(initializer, shape, new Random(1), 'here')
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const [glorot, he] = [2 / (rows + columns), 2 / rows]

describe('moments', () => {
  const cases: readonly (readonly [Initializer, variance: number, kurtosis: number])[] = [
    [{ uniform: 0.3 }, 0.3 ** 2 / 3, 1.8],
    [{ normal: 0.3 }, 0.3 ** 2, 3],
    ['glorotUniform', glorot, 1.8],
    ['glorotNormal', glorot, 3],
    ['heUniform', he, 1.8],
    ['heNormal', he, 3],
  ]
  for (const [initializer, variance, kurtosis] of cases)
    it(JSON.stringify(initializer), () => {
      const values = drawn(initializer)
      const moment = (power: number): number => mean(values.map((value) => value ** power))
      // Five standard errors of 30 000 numbers.
      expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(variance / values.length))
      expect(Math.abs(moment(2) / variance - 1)).toBeLessThan(5 * Math.sqrt((kurtosis - 1) / values.length))
      expect(Math.abs(moment(4) / variance ** 2 / kurtosis - 1)).toBeLessThan(0.1)
      expect(Math.max(...values.map(Math.abs)) <= Math.sqrt(3 * variance)).toBe(kurtosis === 1.8)
    })

  it('stays within both bounds of uniform', () => {
    const values = drawn({ uniform: [2, 3] })
    expect(values.every((value) => value >= 2 && value < 3)).toBe(true)
    expect(mean(values)).toBeCloseTo(2.5, 2)
  })

  it('takes a number for every element', () => {
    expect(drawn(0.25, [2])).toEqual([0.25, 0.25])
  })
})

describe('orthogonal', () => {
  for (const [n, m] of [[40, 40], [17, 40], [40, 17], [1, 5], [5, 1]] as const)
    it(`${n} x ${m}`, () => {
      const a = drawn({ orthogonal: 1.5 }, [n, m])
      const short = Math.min(n, m)
      const at = (i: number, k: number): number => (n <= m ? a[i * m + k]! : a[k * m + i]!)
      for (let i = 0; i < short; i++)
        for (let j = 0; j <= i; j++) {
          let dot = 0
          for (let k = 0; k < Math.max(n, m); k++) dot += at(i, k) * at(j, k)
          expect(Math.abs(dot - (i === j ? 2.25 : 0))).toBeLessThan(1e-13)
        }
    })

  it('favours no direction: determinants of both signs, elements around 0', () => {
    const random = new Random(1)
    const matrices = Array.from({ length: 400 }, () => draw('orthogonal', [2, 2], random, 'here'))
    const rotations = matrices.filter(([a, b, c, d]) => a! * d! - b! * c! > 0).length
    expect(Math.abs(rotations - 200)).toBeLessThan(50)
    expect(Math.abs(mean(matrices.flat()))).toBeLessThan(0.1)
  })
})

it('identity has its number on the diagonal', () => {
  expect(drawn('identity', [2, 3])).toEqual([1, 0, 0, 0, 1, 0])
  expect(drawn({ identity: 0.5 }, [3, 2])).toEqual([0.5, 0, 0, 0.5, 0, 0])
})

it('draws from the seeded generator alone', () => {
  for (const initializer of ['orthogonal', 'heNormal', { uniform: 1 }] as const) {
    expect(drawn(initializer)).toEqual(drawn(initializer))
    expect(draw(initializer, [3, 3], new Random(2), 'here')).not.toEqual(drawn(initializer, [3, 3]))
  }
})

describe('options of layers', () => {
  const build = (blueprint: Blueprint, input: Signal): { [name: string]: number[] } => {
    const backend = javascript()
    const { params } = blueprint.build(input, { backend, random: new Random(1) })
    return Object.fromEntries(namedVariables(params).map(([name, { value }]) => [name, [...backend.read(value)]]))
  }

  it('dense and embedding begin as they are told', () => {
    expect(build(dense(2, { initializers: { weight: 'identity', bias: 0.5 } }), sequence(2))).toEqual({
      weight: [1, 0, 0, 1],
      bias: [0.5, 0.5],
    })
    expect(build(embedding(2, { initializers: { weight: 'identity' } }), tokens(2))).toEqual({ weight: [1, 0, 0, 1] })
  })

  it('are plain data, and part of the config', () => {
    const options = { initializers: { weight: { orthogonal: 2 }, bias: 0 } } as const
    expect(JSON.parse(JSON.stringify(dense(2, options)))).toEqual({
      type: 'dense',
      options: { size: 2, bias: true, ...options },
    })
  })

  it('refuses what is no initializer, none for a vector, and parameters that are not there', () => {
    const context = { backend: javascript(), random: new Random(1) }
    for (const bad of ['orthogonl', { uniform: Number.NaN }, { normal: '1' }, Number.POSITIVE_INFINITY, {}, []])
      expect(
        () => dense(2, { initializers: { weight: bad as Initializer } }).build(sequence(2), context),
        JSON.stringify(bad),
      ).toThrow(ConfigurationError)
    expect(() => dense(2, { initializers: { bias: 'orthogonal' } }).build(sequence(2), context)).toThrow(
      /for a vector \[2\], got orthogonal/,
    )
    expect(() => dense(2, { bias: false, initializers: { bias: 1 } }).build(sequence(2), context)).toThrow(
      /a known initializer, got bias\. Known: weight\./,
    )
  })
})
