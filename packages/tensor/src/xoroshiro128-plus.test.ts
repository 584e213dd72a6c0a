import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Xoroshiro128Plus } from './xoroshiro128-plus.ts'

const bits = 0xffff_ffff_ffff_ffffn
const rotated = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & bits

/** The algorithm as its authors write it, in words of 64 bits. */
const reference = function* (s0: bigint, s1: bigint): Generator<bigint, never> {
  for (;;) {
    yield (s0 + s1) & bits
    s1 ^= s0
    s0 = rotated(s0, 24n) ^ s1 ^ ((s1 << 16n) & bits)
    s1 = rotated(s1, 37n)
  }
}

const halves = (x: bigint): number[] => [Number(BigInt.asIntN(32, x >> 32n)), Number(BigInt.asIntN(32, x))]

it('gives the lower halves of the numbers that the algorithm gives in 64 bits', () => {
  const word = fc.bigInt(0n, bits)
  fc.assert(fc.property(word, word, (s0, s1) => {
    const [wanted, generator] = [reference(s0, s1), new Xoroshiro128Plus([...halves(s0), ...halves(s1)])]
    for (let i = 0; i < 50; i++) expect(generator.next()).toBe(halves(wanted.next().value)[1])
  }))
})

it('begins with the numbers of the program of its authors', () => {
  const wanted = [3n, 412333834243n, 2360170716294286339n, 9295852285959843169n, 2797080929874688578n]
  const generator = new Xoroshiro128Plus([0, 1, 0, 2])
  expect(wanted.map(() => generator.next())).toEqual(wanted.map((x) => halves(x)[1]))
})

it('makes numbers in [0, 1) of two outputs', () => {
  const [one, other] = [new Xoroshiro128Plus([1, 2, 3, 4]), new Xoroshiro128Plus([1, 2, 3, 4])]
  for (let i = 0; i < 1000; i++) {
    const number = one.uniform()
    expect(number).toBe(((other.next() & 0x3ffffff) * 2 ** 27 + (other.next() & 0x7ffffff)) / 2 ** 53)
    expect(number).toBeLessThan(1)
  }
  expect(one.state).toEqual(other.state)
})
