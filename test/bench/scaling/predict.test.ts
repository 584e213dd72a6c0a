import { describe, expect, it } from 'vitest'
import { networks, parametersIn } from './networks.ts'
import { efficiency, sumSeconds, type Link, type Step } from './predict.ts'

const link: Link = { name: 'a link', latency: 1e-5, bandwidth: 1e9 }
const step: Step = { compute: 0.1, jitter: 0, bytes: 4e6, read: 0, batch: 32 }

describe('the simulation', () => {
  it('sums small arrays in log2 N messages, and large ones at twice the bytes', () => {
    expect(sumSeconds(8, 1, link)).toBe(0)
    expect(sumSeconds(0, 8, link)).toBeCloseTo(3e-5, 12)
    expect(sumSeconds(1e9, 1024, link)).toBeCloseTo(2 * (1023 / 1024) + 20e-5, 9)
  })

  it('loses nothing where sums cost nothing, and more with each rank where they do', () => {
    const free = { ...link, latency: 0, bandwidth: Infinity }
    expect(efficiency(step, 1024, free)).toBe(1)
    const lost = [2, 4, 64, 1024].map((ranks) => efficiency(step, ranks, link))
    expect([...lost].sort((a, b) => b - a)).toEqual(lost)
    expect(efficiency({ ...step, jitter: 0.02 }, 64, link)).toBeLessThan(lost[2]!)
  })

  it('counts the parameters of W3', () => {
    const w3 = networks.find(({ name }) => name === 'W3')!
    expect(parametersIn(w3)).toBe(4 * 256 * (64 + 256 + 2) + 4 * 256 * (256 + 256 + 2) + 257 * 64)
  })
})
