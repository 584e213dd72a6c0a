import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { tensorOver } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { clipByNorm, clipByValue } from './clip-by.ts'
import { clippingOf } from './clip.ts'
import { gradientsOf } from './gradients.ts'

interface Saved {
  shape: number[]
  data: number[]
}
interface Case {
  name: string
  clip: string
  limit: number
  norm: number | null
  norm_type?: number | string
  before: Saved[]
  after: Saved[]
}
const { clipping } = JSON.parse(
  readFileSync(new URL('../../../../test/golden/optimizers.json', import.meta.url), 'utf8'),
) as {
  clipping: Case[]
}
const backend = javascript({ dtype: 'float64' })

describe('clipping equals PyTorch', () => {
  for (const { name, clip, limit, norm, norm_type: kind = 2, before, after } of clipping) {
    const p = Number(kind)
    it(name, () => {
      const params = Object.fromEntries(
        before.map(({ shape, data }, i) => [
          `p${i}`,
          { value: backend.zeros(shape), grad: tensorOver(Float64Array.from(data), shape) },
        ]),
      )
      const gradients = gradientsOf(
        backend,
        params,
        clip === 'clip_grad_norm' ? { norm: limit, p } : { value: limit },
      )
      gradients.measure()
      void gradients.readBack.run()
      gradients.take(gradients.readBack.values)
      if (norm !== null && p === 2) expect(gradients.norm).toBeCloseTo(norm, 12)
      gradients.clip()
      after.forEach(({ data }, i) =>
        data.forEach((want, j) =>
          expect(Math.abs(params[`p${i}`]!.grad.data[j]! - want)).toBeLessThanOrEqual(1e-9 * Math.abs(want)),
        ),
      )
    })

    it(`${name}, by hand`, () => {
      const gradients = before.map(({ data }) => [...data])
      const alone = clip === 'clip_grad_norm' ? clipByNorm(limit, { p }) : clipByValue(limit)
      const length = alone(gradients)
      if (norm !== null) expect(length).toBeCloseTo(norm, 12)
      gradients.forEach((values, i) => values.forEach((value, j) => expect(value).toBeCloseTo(after[i]!.data[j]!, 12)))
    })
  }
})

describe('a clip by hand', () => {
  it('changes tensors of any strides, and says where a number is not finite', () => {
    const data = Float64Array.of(3, 9, 4, 9)
    clipByNorm(1)([{ data, shape: [2], stride: [2], offset: 0 }])
    expect([...data]).toEqual([expect.closeTo(0.6, 5), 9, expect.closeTo(0.8, 5), 9])
    const bad = [[1, 2], [3, Number.NaN]]
    expect(() => clipByValue(1)(bad)).toThrow(/clip, gradient 1: expected finite numbers, got NaN/)
    expect(bad[0]).toEqual([1, 2])
  })

  it('is a clip of fit as well', () => {
    expect(clippingOf(clipByNorm(5)).factor!(10)).toBeCloseTo(0.5, 6)
    expect(clippingOf(clipByValue(2)).each).toBeDefined()
  })
})

it('a limit that is invalid is refused', () => {
  expect(() => clippingOf({ norm: 0 })).toThrow(/clip: expected norm to be a finite number above 0, got 0/)
  expect(() => clippingOf({ norm: 5, value: 1 } as never)).toThrow(/clip: expected either a norm or a value, got both/)
  expect(() => clippingOf({ norm: 5, p: 3 })).toThrow(/p to be 1, 2 or Infinity, got 3/)
  expect(() => clippingOf({ value: 5, p: 1 } as never)).toThrow(/no p where each number/)
  expect(() => clippingOf(5 as never)).toThrow(/clip: expected options as an object/)
  expect(() => clipByNorm(0)).toThrow(/norm/)
  expect(() => clipByNorm(5, 1 as never)).toThrow(/clipByNorm: expected options as an object/)
  expect(() => clipByNorm(5, { norm_type: 1 } as never)).toThrow(/clipByNorm: expected a known option/)
  expect(clipByNorm(5, { p: undefined as never })([[3, 4]])).toBe(5)
  expect(() => clippingOf({} as never)).toThrow(/got neither/)
  expect(() => clippingOf({ maxNorm: 5 } as never)).toThrow(/Did you mean norm\?/)
  expect(() => clippingOf({ value: Number.NaN })).toThrow(/clip: expected value/)
})
