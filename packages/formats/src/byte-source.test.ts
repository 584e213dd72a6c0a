import { expect, it } from 'vitest'
import { inMemory, inOrder, isByteSource, type ByteSource } from './byte-source.ts'

/** A file of any size, whose bytes are the last digits of their positions. */
const pretended = (size: number): ByteSource => ({
  size, bytes: (from, to) => Uint8Array.from({ length: Math.min(to, size) - from }, (_, i) => (from + i) % 10),
})

it('files of any size are one, and no more of them is read than what is asked for', () => {
  const all = inOrder([pretended(3e9 + 7), pretended(0), pretended(3e9), inMemory(Uint8Array.of(90, 91))])
  expect(all.size).toBe(6e9 + 9)
  expect([...all.bytes(3e9 + 5, 3e9 + 9)]).toEqual([5, 6, 0, 1])
  expect([...all.bytes(6e9 + 5, 6e9 + 9)]).toEqual([8, 9, 90, 91])
  expect(all.bytes(5, 5)).toHaveLength(0)
})

it('what can be read in parts is known by its fields', () => {
  expect(isByteSource(pretended(3))).toBe(true)
  expect([new Uint8Array(3), { size: 3 }, { size: -0.5, bytes: () => new Uint8Array() }].some(isByteSource)).toBe(false)
})
