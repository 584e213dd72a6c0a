import { readFileSync } from 'node:fs'
import { javascript } from '@recurra/backend'
import { tensorOver } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { clippingOf } from './clip.ts'
import { Gradients } from './gradients.ts'

interface Saved {
  shape: number[]
  data: number[]
}
interface Case {
  name: string
  clip: string
  limit: number
  norm: number | null
  before: Saved[]
  after: Saved[]
}
const { clipping } = JSON.parse(readFileSync(new URL('../../../../test/golden/optimizers.json', import.meta.url), 'utf8')) as {
  clipping: Case[]
}
const backend = javascript({ dtype: 'float64' })

describe('clipping equals PyTorch', () => {
  for (const { name, clip, limit, norm, before, after } of clipping)
    it(name, () => {
      const params = Object.fromEntries(
        before.map(({ shape, data }, i) => [
          `p${i}`,
          { value: backend.zeros(shape), grad: tensorOver(Float64Array.from(data), shape) },
        ]),
      )
      const gradients = new Gradients(backend, params, clip === 'clip_grad_norm' ? { norm: limit } : { value: limit })
      gradients.measure()
      if (norm !== null) expect(gradients.norm).toBeCloseTo(norm, 12)
      gradients.clip()
      after.forEach(({ data }, i) =>
        data.forEach((want, j) =>
          expect(Math.abs(params[`p${i}`]!.grad.data[j]! - want)).toBeLessThanOrEqual(1e-9 * Math.abs(want)),
        ),
      )
    })
})

it('a limit that makes no sense is refused', () => {
  expect(() => clippingOf({ norm: 0 })).toThrow(/clip: expected norm to be a finite number above 0, got 0/)
  expect(() => clippingOf({ norm: 5, value: 1 } as never)).toThrow(/clip: expected either a norm or a value, got both/)
  expect(() => clippingOf({} as never)).toThrow(/got neither/)
  expect(() => clippingOf({ maxNorm: 5 } as never)).toThrow(/Did you mean norm\?/)
  expect(() => clippingOf({ value: Number.NaN })).toThrow(/clip: expected value/)
})
