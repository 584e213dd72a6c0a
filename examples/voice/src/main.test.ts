import { patience, runExample } from '@recurra/example-kit/testing'
import { expect, it } from 'vitest'

it('hears where a voice begins and ends', async () => {
  const { code, json } = await runExample(new URL('main.ts', import.meta.url), '--quick --json')
  expect(code).toBe(0)
  expect(json).toMatchObject({ example: 'voice', metric: 'chunks that are told right', spans: 2 })
  expect(json!['value']).toBeGreaterThan(0.93)
  expect(json!['baseline']).toBeLessThan(0.6)
}, patience)
