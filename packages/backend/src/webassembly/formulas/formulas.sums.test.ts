import { formula, sumOverAll, sumOverColumns, sumOverRows } from '@recurra/formula'
import { sizeOf, tensorOver, type Floats, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
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
const filled = (shape: readonly number[], value: (i: number) => number): Tensor<Float32Array> => {
  const x = zeros(shape)
  x.data.forEach((_, i) => (x.data[i] = value(i)))
  return x
}

describe('formulas', () => {
  it('sum many numbers to the last bits', () => {
    const program = formula({ element: ['x'] }, ({ x }) => ({
      down: sumOverRows(x),
      along: sumOverColumns(x),
      total: sumOverAll(x),
    }))
    for (const value of [() => 0.1, (i: number) => Math.sin(i) + 1.5, (i: number) => 1 / (i + 1)]) {
      const [rows, columns] = [2048, 256]
      const x = filled([rows, columns], value)
      const sums = { down: zeros([columns]), along: zeros([rows]), total: zeros([]) }
      bind(program, gridOf(program, { x, ...sums }))(0)
      const [down, along] = [new Float64Array(columns), new Float64Array(rows)]
      x.data.forEach((number, i) => {
        down[i % columns] = down[i % columns]! + number
        along[Math.floor(i / columns)] = along[Math.floor(i / columns)]! + number
      })
      const off = (got: Floats, want: Float64Array): number =>
        Math.max(...Array.from(want, (w, i) => Math.abs(got[i]! / w - 1)))
      // the same number 2048 times: every rounding goes the same way
      expect(off(sums.down.data, down)).toBeLessThan(1.5e-6)
      expect(off(sums.along.data, along)).toBeLessThan(3e-7)
      expect(off(sums.total.data, Float64Array.of(along.reduce((a, b) => a + b)))).toBeLessThan(3e-7)
    }
  })
})
