import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { operations } from './index.ts'

interface Saved {
  shape: number[]
  data: (number | string)[]
}
const { functions } = JSON.parse(
  readFileSync(new URL('../../../test/golden/functions.json', import.meta.url), 'utf8'),
) as {
  functions: { name: 'erf' | 'expm1'; x: Saved; y: Saved }[]
}

describe('functions equal PyTorch to the last digits of float64', () => {
  for (const { name, x, y } of functions)
    it(name, () => {
      x.data.map(Number).forEach((at, i) => {
        const [got, want] = [operations[name].evaluate(at, 0, 0), Number(y.data[i])]
        expect(Math.abs(got - want), `${name}(${at}) = ${got}`).toBeLessThanOrEqual(2 * Number.EPSILON * Math.abs(want))
      })
    })

  it('erf is odd, and goes on at its ends', () => {
    const { evaluate } = operations.erf
    const at = (x: number): number => evaluate(x, 0, 0)
    expect([at(Infinity), at(-Infinity), at(Number.NaN), at(0), at(-0)]).toEqual([1, -1, Number.NaN, 0, -0])
    for (const x of [0.1, 0.9, 2, 3, 7]) expect(at(-x)).toBe(-at(x))
  })
})
