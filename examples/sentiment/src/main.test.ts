import { patience, runExample } from '@recurra/example-kit/testing'
import { expect, it } from 'vitest'

it('tells spam from ham, and digits by their rows, where one answer for all and the last row alone fail', async () => {
  const { code, json } = await runExample(new URL('main.ts', import.meta.url), '--quick --json')
  expect(code).toBe(0)
  expect(json).toMatchObject({ example: 'sentiment', metric: 'held-out accuracy' })
  expect(json!['value']).toBeGreaterThan(0.87)
  expect(json!['baseline']).toBeLessThan(0.75)
  expect(json!['rows']).toBeGreaterThan(0.65)
  expect(json!['rowsControl']).toBeLessThan(0.2)
}, patience)
