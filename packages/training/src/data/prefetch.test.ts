import { describe, expect, it } from 'vitest'
import { prefetch } from '../index.ts'

/** A source that notes what is drawn from it, and that it is closed. */
const watched = (count: number, failAt = Infinity) => {
  const seen = { drawn: 0, closed: false }
  async function* numbers(): AsyncGenerator<number> {
    try {
      for (let i = 0; i < count; i++) {
        seen.drawn++
        await tick()
        if (i === failAt) throw new Error(`no ${i}`)
        yield i
      }
    } finally {
      seen.closed = true
    }
  }
  return { seen, numbers: numbers() }
}
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40))

describe('prefetch', () => {
  it('gives all items in order, of streams and of lists', async () => {
    for (const source of [watched(5).numbers, [0, 1, 2, 3, 4]]) {
      const got: number[] = []
      for await (const item of prefetch(source, { ahead: 3 })) got.push(item)
      expect(got).toEqual([0, 1, 2, 3, 4])
    }
  })

  it('reads so many items ahead and no more', async () => {
    const { seen, numbers } = watched(20)
    const ahead = prefetch(numbers, { ahead: 3 })
    expect(seen.drawn).toBe(0)
    for (let taken = 1; taken <= 3; taken++) {
      await ahead.next()
      await rest()
      expect(seen.drawn).toBe(taken + 3)
    }
  })

  it('lets an error arrive where its item would', async () => {
    const { seen, numbers } = watched(9, 2)
    const ahead = prefetch(numbers, { ahead: 4 })
    expect([(await ahead.next()).value, (await ahead.next()).value]).toEqual([0, 1])
    await rest()
    await expect(ahead.next()).rejects.toThrow('no 2')
    expect(await ahead.next()).toEqual({ done: true, value: undefined })
    expect(seen).toEqual({ drawn: 3, closed: true })
  })

  it('closes the source when the loop is left', async () => {
    const { seen, numbers } = watched(9)
    for await (const item of prefetch(numbers)) if (item === 1) break
    await rest()
    expect(seen.closed).toBe(true)
  })

  it('closes the source when the signal comes, at once, and fails with its reason', async () => {
    const controller = new AbortController()
    const { seen, numbers } = watched(9)
    const ahead = prefetch(numbers, { signal: controller.signal })
    await ahead.next()
    await rest()
    controller.abort('enough')
    await rest()
    expect(seen.closed).toBe(true) // though nobody asks for more
    await expect(ahead.next()).rejects.toBe('enough')
  })

  it('does not wait for an item that never comes once the signal has', async () => {
    const controller = new AbortController()
    async function* never(): AsyncGenerator<number> {
      await new Promise(() => {})
      yield 1
    }
    setTimeout(() => controller.abort('enough'), 5)
    await expect(prefetch(never(), { signal: controller.signal }).next()).rejects.toBe('enough')
  })

  it('refuses to read nothing ahead, or what has no items', () => {
    expect(() => prefetch([1], { ahead: 0 })).toThrow(/prefetch: expected ahead to be an integer of at least 1, got 0/)
    expect(() =>
      prefetch(function* read() {
        yield 1
      } as never),
    ).toThrow(/prefetch: expected items that can be looped over, got a function. Pass a list, or call the generator/)
  })
})
