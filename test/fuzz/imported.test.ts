import { Random } from 'recurra'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { fuzzImports, importKinds } from './imported.ts'

// jsfive says on the console which attributes it cannot read.
beforeAll(() => void vi.spyOn(console, 'warn').mockImplementation(() => {}))
afterAll(() => void vi.restoreAllMocks())

// `npm run fuzz -- --kind keras --runs 10000` tries more.
it.each(importKinds)('damaged files of %s give a model or a typed error', { timeout: 60_000 }, async (kind) => {
  const { read, rejected } = await fuzzImports(kind, 200, new Random(7))
  expect(read + rejected).toBe(200)
  expect(rejected).toBeGreaterThan(20)
})
