import { expect, it } from 'vitest'
import { limit, measureSizes } from './sizes.ts'

it('has a page download no more than it needs for its first training step', async () => {
  const { first, later } = await measureSizes()
  expect(first).toBeLessThan(limit)
  expect(first).toBeGreaterThan(limit - 2) // a smaller page has a smaller limit
  const names = later.map(({ name }) => name)
  const seldom = [
    'call-extras', 'checkpointing', 'diagnosis', 'kernels', 'recomputed-call', 'sessions', 'validation',
    'worker-source',
  ]
  expect(names).toEqual(expect.arrayContaining(seldom))
})
