import { Random } from 'recurra'
import { describe, expect, it } from 'vitest'
import { digitBatches } from './digit-batches.ts'
import { jittered } from './jittered.ts'
import { mnist } from './mnist.ts'

const { train, validation, heldOut } = mnist(1)

describe('MNIST', () => {
  it('is 10,000 digits, each for one purpose', () => {
    expect([train.length, validation.length, heldOut.length]).toEqual([7500, 500, 2000])
    expect(new Set([...train, ...validation, ...heldOut]).size).toBe(10_000)
    expect(new Set(heldOut.map(({ label }) => label)).size).toBe(10)
  })

  it('comes in batches, jittered again in each epoch where that is asked for', () => {
    const data = digitBatches(train.slice(0, 105), { batch: 50, jitter: true })
    expect(data.batches).toBe(2)
    const first = (seed?: number) =>
      Array.from([...data.epoch(seed === undefined ? undefined : new Random(seed))][0]!.x)
    expect(first(2)).toEqual(first(2))
    expect(first(2)).not.toEqual(first(3))
    const [one] = data.epoch()
    expect(Array.from(one!.x).slice(0, 784)).toEqual(Array.from(train[0]!.pixels))
    expect(Array.from(one!.target)).toEqual(train.slice(0, 50).map(({ label }) => label))
  })

  it('keeps about as much ink when it is jittered', () => {
    const to = new Float32Array(784)
    const ink = (pixels: Float32Array): number => pixels.reduce((a, b) => a + b)
    for (const { pixels } of heldOut.slice(0, 20)) {
      jittered(pixels, new Random(4), to)
      expect(ink(to) / ink(pixels)).toBeGreaterThan(0.7)
      expect(ink(to) / ink(pixels)).toBeLessThan(1.4)
    }
  })
})
