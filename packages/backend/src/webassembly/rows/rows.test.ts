import { indicesOver, tensorOver, ValueError, type Floats, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { javascript } from '../../javascript/javascript.ts'
import { Heap } from '../heap.ts'
import { rowsOn } from './rows.ts'

const heap = new Heap({ bytes: 2 ** 22 })
const mine = rowsOn(heap)
const reference = javascript()

const cases = fc.record({
  features: fc.integer({ min: 1, max: 37 }),
  gap: fc.integer({ min: 0, max: 2 }), // columns between one row and the next
  size: fc.integer({ min: 1, max: 6 }),
  picks: fc.array(fc.nat(), { maxLength: 20 }),
})

describe.each(['gather', 'scatterAdd'] as const)('%s', (name) => {
  it('equals the reference for rows of any width, picked in any order', () => {
    fc.assert(
      fc.property(cases, ({ features, gap, size, picks }) => {
        const run = (
          floats: (count: number) => Floats,
          indices: (count: number) => Int32Array,
          { gather, scatterAdd }: typeof mine,
        ): readonly Floats[] => {
          const rowsOf = (count: number): Tensor => {
            const data = floats(count * (features + gap) + 1)
            for (let i = 0; i < data.length; i++) data[i] = Math.fround(Math.sin(i + count))
            return { data, shape: [count, features], stride: [features + gap, 1], offset: 1 }
          }
          const which = indices(picks.length)
          which.set(picks.map((pick) => pick % size))
          const [table, rows] = [rowsOf(size), rowsOf(picks.length)]
          const picked = indicesOver(which, [picks.length], size)
          const kernel =
            name === 'gather'
              ? gather({ out: rows, table, indices: picked })
              : scatterAdd({ table, rows, indices: picked })
          kernel(0)
          return [table.data, rows.data]
        }
        const got = run((n) => heap.floats(n), (n) => heap.indices(n), mine)
        expect(got).toEqual(run((n) => new Float32Array(n), (n) => new Int32Array(n), reference))
      }),
    )
  })

  it('moves nothing by an index that was put into the memory past the backend', () => {
    for (const backend of [{ ...mine, zeros: (shape: number[]) => tensorOver(heap.floats(4), shape) }, reference]) {
      const [table, rows] = [backend.zeros([2, 2]), backend.zeros([2, 2])]
      const indices = indicesOver(backend === reference ? new Int32Array(2) : heap.indices(2), [2], 2)
      const kernel = name === 'gather'
        ? backend.gather({ out: rows, table, indices })
        : backend.scatterAdd({ table, rows, indices })
      indices.data[1] = 2
      expect(() => kernel(0)).toThrow(ValueError)
    }
  })
})
