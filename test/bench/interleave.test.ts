import { expect, it } from 'vitest'
import type { Child } from './child.ts'
import { interleave, ratio } from './interleave.ts'

it('lets everyone begin a round in turn, and reports seconds of one iteration', async () => {
  const order: string[] = []
  const child = (name: string, seconds: number): Child =>
    ({
      run: async (count: number) => (order.push(name), { seconds: seconds * count, cpu: 0, values: [], rss: 7 }),
    }) as unknown as Child
  const runners = [{ child: child('a', 2), count: 1 }, { child: child('b', 3), count: 10 }]
  const [a, b] = await interleave(runners, { rounds: 3, run: 0, warm: 0, pause: 0, clock: 'seconds' })
  expect(order.join('')).toBe('abbaab')
  expect(a!.seconds).toEqual([2, 2, 2])
  expect(b!.seconds).toEqual([3, 3, 3])
})

it('takes ratios round by round, so that drift cancels', () =>
  expect(ratio({ seconds: [1, 2, 4], rss: 0 }, { seconds: [3, 6, 12], rss: 0 })).toBe(3))

it('lets who is slow run in a few rounds, and compares these alone', async () => {
  const child = { run: async (count: number) => ({ seconds: count, cpu: 0, values: [], rss: 7 }) } as unknown as Child
  const [few, all] = await interleave(
    [{ child, count: 1, rounds: 2 }, { child, count: 1 }],
    { rounds: 5, run: 0, warm: 0, pause: 0, clock: 'seconds' },
  )
  expect([few, all].map((timing) => timing!.seconds.length)).toEqual([2, 5])
  expect(ratio({ seconds: [1, 1, 1], rss: 0 }, { seconds: [8, 8], rss: 0 })).toBe(8)
  expect(ratio({ seconds: [8, 8], rss: 0 }, { seconds: [1, 1, 1], rss: 0 })).toBe(1 / 8)
})
