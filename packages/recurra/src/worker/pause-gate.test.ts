import { expect, it } from 'vitest'
import { PauseGate } from './pause-gate.ts'

const { signal } = new AbortController()
const passes = async (promise: Promise<void>): Promise<boolean> => {
  let done = false
  void promise.then(() => (done = true))
  await new Promise((next) => setImmediate(next))
  return done
}

it('lets pass, locks, and lets all pass again', async () => {
  const turnstile = new PauseGate()
  expect(await passes(turnstile.pass(signal))).toBe(true)
  turnstile.lock()
  const waiting = turnstile.pass(signal)
  expect(await passes(waiting)).toBe(false)
  turnstile.unlock()
  expect(await passes(waiting)).toBe(true)
  expect(await passes(turnstile.pass(signal))).toBe(true)
})

it('lets a single one pass, and locks behind it', async () => {
  const turnstile = new PauseGate(true)
  const first = turnstile.pass(signal)
  turnstile.unlock({ single: true })
  expect(await passes(first)).toBe(true)
  expect(turnstile.locked).toBe(true)
  expect(await passes(turnstile.pass(signal))).toBe(false)
})

it('keeps nobody who was told not to wait, and stays as it was', async () => {
  const [turnstile, called] = [new PauseGate(true), new AbortController()]
  const waiting = turnstile.pass(called.signal)
  called.abort()
  expect(await passes(waiting)).toBe(true)
  expect(await passes(turnstile.pass(signal))).toBe(false)
})
