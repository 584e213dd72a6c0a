import { expect, it } from 'vitest'
import { bytesPerCall } from './bytes-per-call.ts'

it('sees what a call leaves behind, kept or not', async () => {
  const kept: number[][] = []
  let sum = 0
  const list = (): number => kept.push(Array.from({ length: 16 }, (_, i) => i))
  const half = (): void => void (sum += [kept.length, sum, 1, 2, 3, 4].map((x) => x / 2).length)
  expect(await bytesPerCall(list, 64, 300)).toBeGreaterThan(128)
  expect(await bytesPerCall(half, 64, 300)).toBeGreaterThan(64)
})

it('sees nothing where nothing is taken', async () => {
  const numbers = new Float64Array(64)
  expect(await bytesPerCall(() => { for (let i = 0; i < 64; i++) numbers[i]! += i })).toBeLessThan(64)
})
