import { formula } from '@recurra/formula'
import { at, columns, reshape, swapTimeAndBatch, transposed } from '@recurra/tensor'
import { describe, expect } from 'vitest'
import { checks, numbersOf, type MakeBackend } from './checks.ts'
import { guarded } from './guarded.ts'
import { rounded } from './ulps.ts'

const counting = formula({ element: ['x'] }, ({ x }) => ({ next: x.add(1) }))

/** Memory is initially zero, accepts numbers of any kind, and is read as copies. */
export const describeMemory = (make: MakeBackend): void =>
  void describe('memory', () => {
    const check = checks(make)
    check('starts at zero, and no two tensors share it', async (backend) => {
      const [x, y, tokens] = [backend.zeros([3, 5]), backend.zeros([3, 5]), backend.indices([7])]
      backend.write(x, Array.from({ length: 15 }, () => 1))
      expect(await numbersOf(backend, y)).toEqual(Array.from({ length: 15 }, () => 0))
      expect(await numbersOf(backend, tokens)).toEqual([0, 0, 0, 0, 0, 0, 0])
      expect([x.shape, x.stride, tokens.shape]).toEqual([[3, 5], [5, 1], [7]])
    })

    check('holds single numbers and nothing at all', async (backend) => {
      const [one, none] = [backend.zeros([]), backend.zeros([4, 0])]
      backend.write(one, [3])
      backend.write(none, [])
      expect(await numbersOf(backend, one)).toEqual([3])
      expect(await numbersOf(backend, none)).toEqual([])
    })

    check('takes numbers from lists and typed arrays, rounded to the nearest of its type', async (backend) => {
      const values = [0.1, -0, 1e-42, Number.NaN, Infinity, 3.4028235e38, 16777217]
      for (const from of [values, Float64Array.from(values), Float32Array.from(values)]) {
        const x = backend.zeros([7])
        backend.write(x, from)
        expect(await numbersOf(backend, x)).toEqual(Array.from(from, (value) => rounded(value, backend.dtype)))
      }
      const tokens = backend.indices([3])
      backend.write(tokens, [5, -1, 2 ** 30])
      expect(await numbersOf(backend, tokens)).toEqual([5, -1, 2 ** 30])
    })

    check('is read as a copy', async (backend) => {
      const x = backend.zeros([2])
      const before = await backend.readAsync(x)
      backend.write(x, [1, 2])
      expect([...before]).toEqual([0, 0])
      before[0] = 9
      expect(await numbersOf(backend, x)).toEqual([1, 2])
    })

    check('is written and read through views', async (backend) => {
      const rows = guarded(backend, [2, 3], { gap: 2 })
      backend.write(rows.view, [1, 2, 3, 4, 5, 6])
      expect(await numbersOf(backend, transposed(rows.view))).toEqual([1, 4, 2, 5, 3, 6])
      expect(await rows.trespasses()).toBe(0)
      const steps = guarded(backend, [3, 2, 1])
      backend.write(swapTimeAndBatch(steps.view), [1, 2, 3, 4, 5, 6])
      expect(await steps.read()).toEqual([1, 4, 2, 5, 3, 6])
      expect(await steps.trespasses()).toBe(0)
    })

    check('is read again and again into the same numbers', async (backend) => {
      const [x, all] = [backend.zeros([2]), backend.zeros([3])]
      const one = reshape(all, [1, 3])
      const add = backend.formula(counting, { x: one, next: one })
      const { values, run } = backend.readBack([x, at(all, 1), backend.zeros([0]), all])
      for (let round = 1; round < 4; round++) {
        backend.write(x, [round, -round])
        add(0)
        await run()
        expect([...values]).toEqual([round, -round, round, round, round, round])
      }
      expect(() => backend.readBack([columns(backend.zeros([2, 3]), 0, 1)])).toThrow('tensors without gaps')
    })

    check('keeps what it holds while more is taken', async (backend) => {
      const x = backend.zeros([3])
      backend.write(x, [1, 2, 3])
      for (let i = 0; i < 40; i++) backend.zeros([64, 1024])
      expect(await numbersOf(backend, x)).toEqual([1, 2, 3])
    })
  })
