import { formula, tanh } from '@recurra/formula'
import { sizeOf, tensorOver, type Tensor } from '@recurra/tensor'
import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, vi } from 'vitest'
import type { Kernel } from '../../backend.ts'
import { gridOf } from '../../grid.ts'
import { features } from '../engine.ts'
import { Heap } from '../heap.ts'
import type { ThreadPool } from '../threads/pool.ts'
import { formulasOn } from './formulas.ts'

const heap = new Heap({ bytes: 2 ** 26 })
/** Runs tasks in parts of so many units, the last first; whole where that is 0. */
const inParts = (units: number): Pick<ThreadPool, 'share' | 'bind'> => ({
  share: (_, name, run) => ({ id: name.length, run }),
  bind: ({ function: { run }, address, units: all, scale = 1, limit = all * scale }) => (step) => {
    const ends =
      units === 0
        ? [limit]
        : Array.from({ length: Math.ceil(all / units) }, (_, i) => Math.min((i + 1) * units * scale, limit))
    for (const [i, to] of [...ends.entries()].reverse()) run(address, step, ends[i - 1] ?? 0, to, 0)
  },
})
const bind = formulasOn(heap, features, inParts(0))
const zeros = (shape: readonly number[]): Tensor<Float32Array> => tensorOver(heap.floats(sizeOf(shape)), shape)

describe('formulas', () => {
  it('are compiled once, however often they are made and bound', () => {
    const compile = vi.spyOn(WebAssembly, 'Module')
    const fresh = formulasOn(heap, features, inParts(0))
    for (let i = 0; i < 100; i++) {
      const program = formula({ element: ['a', 'b'] }, ({ a, b }) => ({ a: tanh(a.mul(0.5)).add(b) }))
      const [a, b] = [zeros([3, 8 + 4 * (i % 5)]), zeros([3, 8 + 4 * (i % 5)])]
      fresh(program, gridOf(program, { a, b }))(0)
    }
    expect(compile).toHaveBeenCalledTimes(1)
    compile.mockRestore()
  })

  it('keep the memory that they work on, and let go of it with themselves', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const small = new Heap({ bytes: 2 ** 16 })
    const formulas = formulasOn(small, features, inParts(0))
    const start = small.free
    /** An engine collects when it likes, and says so later: this asks until the heap is as free as expected. */
    const comesTo = (free: number): Promise<void> =>
      vi.waitFor(async () => {
        collect()
        await setTimeout(5)
        expect(small.free).toBe(free)
      }, { timeout: 10_000, interval: 20 })
    const kernels = [((): Kernel => {
      const program = formula({ element: ['x'] }, ({ x }) => ({ y: x }))
      const [x, y] = [tensorOver(small.floats(16), [1, 16]), tensorOver(small.floats(16), [1, 16])]
      return formulas(program, gridOf(program, { x, y }))
    })()]
    await comesTo(start - 3 * 64) // x, y, and the table
    kernels.pop()
    await comesTo(start)
  })

  it('refuse a tensor that lies elsewhere', () => {
    const program = formula({ element: ['x'] }, ({ x }) => ({ y: x }))
    const elsewhere = tensorOver(new Float32Array(4), [1, 4])
    expect(() => bind(program, gridOf(program, { x: elsewhere, y: zeros([1, 4]) }))).toThrow(
      'operand x: expected a tensor made by this backend, got a Float32Array elsewhere in memory. ' +
        'Make it with backend.zeros',
    )
  })
})
