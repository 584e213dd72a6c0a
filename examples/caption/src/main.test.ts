import { runExample } from '@recurra/example-kit/testing'
import { expect, it } from 'vitest'

it(
  'says what is on images that it has not seen, where other captions teach nothing',
  { timeout: 120_000 },
  async () => {
    const { code, json, out } = await runExample(new URL('main.ts', import.meta.url), '--quick --json')
    expect(code).toBe(0)
    expect(json).toMatchObject({ example: 'caption', metric: 'held-out captions exactly right' })
    expect(json!['value']).toBeGreaterThan(0.3)
    expect(json!['baseline']).toBeLessThan(0.05)
    expect(out).toMatch(/ above | a (large|small) /)
  },
)
