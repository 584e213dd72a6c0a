import { expect, it } from 'vitest'
import { evil } from './evil.ts'
import { malformed } from './malformed.ts'
import { faultOf, tried } from './tried.ts'

// Here the smaller ones of those written by hand, and some damaged ones; `npm run malformed` tries a thousand.
it('malformed model files are rejected with typed errors, in time, without swelling', { timeout: 60_000 }, () => {
  const files = malformed(25, 3).filter(({ bytes }) => bytes.length < 2e6)
  const faults = tried(files)
    .map((verdict) => [verdict.kind, verdict.name, faultOf(verdict)])
    .filter(([, , fault]) => fault !== undefined)
  expect(faults).toEqual([])
  expect(files.length).toBeGreaterThan(evil.length + 50)
})
