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
  const gate = new PauseGate()
  expect(await passes(gate.pass(signal))).toBe(true)
  gate.lock()
  const waiting = gate.pass(signal)
  expect(await passes(waiting)).toBe(false)
  gate.unlock()
  expect(await passes(waiting)).toBe(true)
  expect(await passes(gate.pass(signal))).toBe(true)
})

it('lets a single one pass, and locks behind it', async () => {
  const gate = new PauseGate(true)
  const first = gate.pass(signal)
  gate.unlock({ single: true })
  expect(await passes(first)).toBe(true)
  expect(gate.locked).toBe(true)
  expect(await passes(gate.pass(signal))).toBe(false)
})

it('keeps nobody who was told not to wait, and stays as it was', async () => {
  const [gate, called] = [new PauseGate(true), new AbortController()]
  const waiting = gate.pass(called.signal)
  called.abort()
  expect(await passes(waiting)).toBe(true)
  expect(await passes(gate.pass(signal))).toBe(false)
})
