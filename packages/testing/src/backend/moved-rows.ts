import type { Backend } from '@recurra/backend'
import { Random } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { checks, fill, numbersOf, type MakeBackend } from './checks.ts'
import { guarded } from './guarded.ts'
import { epsilon } from './ulps.ts'

const layout = fc.record({
  features: fc.integer({ min: 1, max: 20 }),
  rows: fc.integer({ min: 1, max: 12 }),
  picks: fc.array(fc.nat(1000), { minLength: 1, maxLength: 25 }),
  gaps: fc.tuple(fc.nat(3), fc.nat(3)),
  seed: fc.nat(1000),
})

/** Rows are copied by index unchanged, and added by index as often as the index occurs. */
export const describeMovedRows = (make: MakeBackend): void =>
  void describe('rows moved by index', () => {
    const check = checks(make)
    const prepare = (
      backend: Backend,
      { features, rows, picks, gaps, seed }: typeof layout extends fc.Arbitrary<infer Drawn> ? Drawn : never,
    ) => {
      const random = new Random(seed)
      const table = guarded(backend, [rows, features], { gap: gaps[0] })
      const moved = guarded(backend, [picks.length, features], { gap: gaps[1] })
      for (const { view } of [table, moved]) fill(backend, view, random)
      const indices = backend.indices([picks.length], rows)
      const chosen = picks.map((pick) => pick % rows)
      backend.write(indices, chosen)
      return { table, moved, indices, chosen }
    }

    check('gather copies', async (backend) => {
      await fc.assert(fc.asyncProperty(layout, async (drawn) => {
        const { table, moved, indices, chosen } = prepare(backend, drawn)
        backend.gather({ out: moved.view, table: table.view, indices })(0)
        const rows = await table.read()
        expect(await moved.read()).toEqual(
          chosen.flatMap((row) => rows.slice(row * drawn.features, (row + 1) * drawn.features)),
        )
        expect(await Promise.all([table.trespasses(), moved.trespasses()])).toEqual([0, 0])
      }), { numRuns: 60, seed: 1 })
    })

    check('scatterAdd adds, a row also more than once', async (backend) => {
      await fc.assert(fc.asyncProperty(layout, async (drawn) => {
        const { table, moved, indices, chosen } = prepare(backend, drawn)
        const [want, rows] = await Promise.all([table.read(), moved.read()])
        backend.scatterAdd({ table: table.view, rows: moved.view, indices })(0)
        chosen.forEach((row, i) => {
          for (let c = 0; c < drawn.features; c++) want[row * drawn.features + c]! += rows[i * drawn.features + c]!
        })
        const limit = epsilon[backend.dtype] * (chosen.length + 1) ** 2
        const changed = await table.read()
        changed.forEach((got, i) => expect(Math.abs(got - want[i]!)).toBeLessThanOrEqual(limit))
        expect(await moved.read()).toEqual(rows)
        expect(await Promise.all([table.trespasses(), moved.trespasses()])).toEqual([0, 0])
      }), { numRuns: 60, seed: 1 })
    })

    check('gather passes NaN on, and rereads its indices at each run', async (backend) => {
      const [out, table, indices] = [backend.zeros([1, 2]), backend.zeros([2, 2]), backend.indices([1], 2)]
      backend.write(table, [1, 2, Number.NaN, 4])
      const run = backend.gather({ out, table, indices })
      run(0)
      expect(await numbersOf(backend, out)).toEqual([1, 2])
      backend.write(indices, [1])
      run(0)
      expect(await numbersOf(backend, out)).toEqual([Number.NaN, 4])
    })
  })
