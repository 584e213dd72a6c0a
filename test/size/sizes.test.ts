import { expect, it } from 'vitest'
import { limit, measureSizes } from './sizes.ts'

it('has a page download no more than it needs for its first training step', async () => {
  const { first, later } = await measureSizes()
  expect(first).toBeLessThan(limit)
  expect(first).toBeGreaterThan(limit - 1) // a smaller page has a smaller limit
  const names = later.map(({ name }) => name)
  const seldom = [
    'call-extras', 'carried-state', 'checkpointing', 'decision', 'diagnosis', 'kernels', 'recomputed-run',
    'sessions', 'step-profile', 'team', 'validation',
  ]
  expect(names).toEqual(expect.arrayContaining(seldom))
})
