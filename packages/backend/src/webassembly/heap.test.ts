import { MemoryError } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { FreeList, type Block } from '../free-list.ts'
import { Heap } from './heap.ts'
import { webassembly } from './webassembly.ts'

describe('FreeList', () => {
  it('never gives the same byte twice, and is whole again when all is given back', () => {
    const moves = fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant('give' as const)), { maxLength: 60 })
    fc.assert(fc.property(moves, fc.nat(), (list, seed) => {
      const gaps = new FreeList([{ address: 100, size: 64 }])
      const taken: Block[] = []
      for (const move of list) {
        if (move === 'give') {
          const [block] = taken.splice(seed % (taken.length || 1), 1)
          if (block) gaps.give(block)
        } else {
          const block = gaps.take(move)
          if (block) taken.push(block)
        }
        const bytes = taken.flatMap(({ address, size }) => Array.from({ length: size }, (_, i) => address + i))
        expect(new Set(bytes).size).toBe(bytes.length)
        expect(bytes.every((byte) => byte >= 100 && byte < 164)).toBe(true)
        expect(gaps.free).toBe(64 - bytes.length)
      }
      for (const block of taken) gaps.give(block)
      expect(gaps.take(64)).toEqual({ address: 100, size: 64 })
    }))
  })
})

describe('Heap', () => {
  const kibibyte = 1024

  it('gives zeros, also where something was before', () => {
    const heap = new Heap({ bytes: 64 * kibibyte })
    const [first, , dispose] = heap.scope(() => heap.floats(100).fill(7))
    dispose()
    const second = heap.floats(100)
    expect(second.byteOffset).toBe(first.byteOffset)
    expect([...second]).toEqual(Array.from({ length: 100 }, () => 0))
  })

  it('frees all that a scope took, once, and all of it when the scope fails', () => {
    const heap = new Heap({ bytes: 64 * kibibyte })
    const { free } = heap
    const [, bytes, dispose] = heap.scope(() => [heap.floats(10), heap.indices(1000)])
    expect(bytes).toBe(64 + 4032)
    expect(heap.free).toBe(free - bytes)
    dispose()
    dispose()
    expect(heap.free).toBe(free)
    expect(() => heap.scope(() => {
      heap.floats(10)
      throw new RangeError('on purpose')
    })).toThrow(RangeError)
    expect(heap.free).toBe(free)
  })

  it('holds the scopes inside a scope, and frees each block once', () => {
    const heap = new Heap({ bytes: 64 * kibibyte })
    const { free } = heap
    const [inner, bytes, dispose] = heap.scope(() => {
      heap.floats(16)
      return heap.scope(() => heap.floats(16))
    })
    expect(bytes).toBe(128)
    inner[2]()
    expect(heap.free).toBe(free - 64)
    const other = heap.floats(16) // takes the place of what the inner scope gave back
    dispose()
    expect(heap.free).toBe(free - 64)
    expect(other.length).toBe(16)
  })

  it('frees what belongs to an array with the scope of that, not with the one around', () => {
    const heap = new Heap({ bytes: 64 * kibibyte })
    const { free } = heap
    const [owner, , disposeOwner] = heap.scope(() => heap.floats(16))
    const [, bytes, dispose] = heap.scope(() => heap.scope(() => heap.floats(16), owner))
    expect(bytes).toBe(64)
    dispose()
    expect(heap.free).toBe(free - 128)
    disposeOwner()
    expect(heap.free).toBe(free)
    const [, , disposeOther] = heap.scope(() => heap.floats(16), new Float32Array(1)) // of nobody's memory
    disposeOther()
    expect(heap.free).toBe(free)
  })

  it('keeps what belongs to an array when what asked for it does not fit', () => {
    const heap = new Heap({ bytes: 64 * kibibyte })
    const owner = heap.floats(1)
    let kept: Float32Array | undefined
    const plan = (): void => {
      ;[kept] = heap.scope(() => heap.floats(16), owner)
      for (let i = 0; i < 40; i++) heap.floats(kibibyte)
    }
    expect(() => heap.scope(plan)).toThrow('expected 0.2 MiB of free memory')
    expect(kept?.length).toBe(16)
  })

  it('says how much a plan needs when it does not fit, and takes nothing', () => {
    const heap = new Heap({ bytes: 64 * kibibyte })
    const { free } = heap
    const plan = (): void => {
      for (let i = 0; i < 40; i++) heap.floats(kibibyte)
    }
    expect(() => heap.scope(plan)).toThrow(MemoryError)
    expect(() => heap.scope(plan)).toThrow(
      'expected 0.2 MiB of free memory, got 0.1 MiB free of 0.1 MiB. Take a smaller batch',
    )
    expect(heap.free).toBe(free)
    expect(() => heap.floats(20 * kibibyte)).toThrow(MemoryError)
  })

  it('says it of a plan that writes, too', () => {
    const small = webassembly({ memory: 2 ** 24 })
    const plan = (): void => {
      small.write(small.zeros([4]), [1, 2, 3, 4])
      small.zeros([2 ** 24])
    }
    expect(() => small.scope(plan)).toThrow('expected 64.0 MiB of free memory')
  })

  it('frees what nobody holds any more', async () => {
    const { setFlagsFromString } = await import('node:v8')
    const { runInNewContext } = await import('node:vm')
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const heap = new Heap({ bytes: 1024 * kibibyte })
    const { free } = heap
    for (let i = 0; i < 2000; i++) {
      heap.floats(kibibyte)
      if (i % 100 !== 0) continue
      collect()
      await new Promise((resolve) => setTimeout(resolve, 0))
    }
    await vi.waitFor(() => {
      collect()
      expect(heap.free).toBe(free)
    }, { timeout: 10_000, interval: 20 })
  })
})
