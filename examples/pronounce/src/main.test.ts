import { runExample } from '@recurra/example-kit/testing'
import { expect, it } from 'vitest'

it('learns to say words that it has not seen, and shows where it looks', async () => {
  const { code, out, err, json } = await runExample(new URL('main.ts', import.meta.url), '--quick --json')
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(
    /held out\s+said\s+dictionary.*where it looks while it says [A-Z]+\n.*\nend .*word error.*published/s,
  )
  expect(json).toMatchObject({ example: 'pronounce', metric: 'held-out word error' })
  expect(json!['phonemeError']).toBeLessThan(0.5)
  expect(json!['baselinePhonemeError']).toBeGreaterThan(0.75)
  expect(json!['value']).toBeLessThan(json!['baseline'] as number)
})
