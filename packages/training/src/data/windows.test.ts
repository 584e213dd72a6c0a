import { Random, ValueError } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { windows } from '../index.ts'

const range = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i)
/** All batches, copied, since their memory is used again. */
const all = (data: ReturnType<typeof windows>, random?: Random): { x: number[]; target: number[] }[] => {
  const batches: { x: number[]; target: number[] }[] = []
  for (const { x, target } of data.epoch(random)) batches.push({ x: Array.from(x), target: Array.from(target) })
  return batches
}

describe('windows', () => {
  it('in order without a generator, the target one token later', () => {
    const data = windows(range(10), { steps: 2, batch: 2 })
    expect(data.batches).toBe(2)
    expect(all(data)).toEqual([{ x: [0, 1, 2, 3], target: [1, 2, 3, 4] }, { x: [4, 5, 6, 7], target: [5, 6, 7, 8] }])
  })

  it('shuffled: every window once, the same for the same seed, another order in the next epoch', () => {
    const data = windows(range(101), { steps: 5, batch: 4 })
    const random = new Random(7)
    const [first, second] = [all(data, random), all(data, random)]
    expect(first.flatMap(({ x }) => x).sort((a, b) => a - b)).toEqual([...range(100)])
    expect(first).not.toEqual(second)
    expect(all(data, new Random(7))).toEqual(first)
    for (const { x, target } of first) expect(target).toEqual(x.map((token) => token + 1))
  })

  it('what does not fill a batch is left out at a place that moves', () => {
    const data = windows(range(14), { steps: 5, batch: 2 })
    const random = new Random(1)
    const starts = new Set(Array.from({ length: 40 }, () => Math.min(...all(data, random)[0]!.x)))
    expect([...starts].sort()).toEqual([0, 1, 2, 3])
  })

  it('carrying the state: every sequence continues where it was in the batch before', () => {
    const data = windows(range(22), { steps: 3, batch: 2, carry: true })
    expect(data.carry).toBe(true)
    expect(all(data)).toEqual(all(data, new Random(3)))
    expect(all(data).map(({ x }) => x)).toEqual([[0, 1, 2, 10, 11, 12], [3, 4, 5, 13, 14, 15], [6, 7, 8, 16, 17, 18]])
  })

  it('one window that just fits', () =>
    expect(all(windows(range(4), { steps: 3, batch: 1 }), new Random(1))).toEqual([
      { x: [0, 1, 2], target: [1, 2, 3] },
    ]))

  it('a text shorter than that is an error that says how long it must be', () => {
    expect(() => windows(range(3), { steps: 3, batch: 1 })).toThrow(/windows: expected at least 4 tokens .*, got 3/)
    expect(() => windows(range(64), { steps: 8, batch: 8, carry: true })).toThrow(/at least 65 tokens/)
    expect(() => windows(range(9), { steps: 0 })).toThrow(/windows: expected steps to be an integer/)
    expect(() => windows(range(9), { batch: 1.5 })).toThrow(/windows: expected batch to be an integer/)
  })
})

describe('values that are not tokens', () => {
  it.each<readonly [what: string, tokens: unknown, why: string]>([
    [
      'a text',
      'hello',
      "windows: expected a list of tokens, got 'hello'. Make tokens of a text: characters(text).windows().",
    ],
    ['null', [0, null, 2], 'windows, token 1: expected an integer of at least 0, got null.'],
    ['a fraction', Float32Array.of(0, 0.5), 'windows, token 1: expected an integer of at least 0, got 0.5.'],
    ['a negative number', Int32Array.of(-1), 'windows, token 0: expected an integer of at least 0, got -1.'],
    ['BigInts', BigInt64Array.of(0n, 1n), 'windows: expected a list of tokens, got a BigInt64Array.'],
  ])('%s', (_, tokens, why) => {
    expect(() => windows(tokens as Int32Array, { steps: 1, batch: 1 })).toThrow(ValueError)
    expect(() => windows(tokens as Int32Array, { steps: 1, batch: 1 })).toThrow(why)
  })

  it('a plain list of tokens is as good as a typed array', () =>
    expect(all(windows([0, 1, 2, 3], { steps: 3, batch: 1 }))).toEqual(all(windows(range(4), { steps: 3, batch: 1 }))))
})
