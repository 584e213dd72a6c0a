import { patience, runExample } from '@recurra/example-kit/testing'
import { expect, it } from 'vitest'

it('reads digits better than a linear model can, and solves XOR, which no linear model can', async () => {
  const { code, json } = await runExample(new URL('main.ts', import.meta.url), '--quick --json')
  expect(code).toBe(0)
  expect(json).toMatchObject({ example: 'digits', metric: 'held-out accuracy', xor: 1 })
  expect(json!['value']).toBeGreaterThan(0.91)
  expect(json!['baseline']).toBeLessThan((json!['value'] as number) - 0.04)
  expect(json!['xorLinear']).toBeLessThanOrEqual(0.75)
}, patience)
