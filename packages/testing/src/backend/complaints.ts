import { formula } from '@recurra/formula'
import { asRows, ShapeError, transposed, ValueError, type Indices } from '@recurra/tensor'
import { describe, expect } from 'vitest'
import { checks, numbersOf, type MakeBackend } from './checks.ts'

const addition = formula({ element: ['a', 'b'], column: ['c'] }, ({ a, b, c }) => ({ y: a.add(b).add(c) }))

/** Operands that do not fit are rejected when they are bound, before anything runs. */
export const describeComplaints = (make: MakeBackend): void =>
  void describe('refuses', () => {
    const check = checks(make)
    check('matrices that do not fit', async (backend) => {
      const [a, b, out] = [backend.zeros([2, 3]), backend.zeros([3, 4]), backend.zeros([2, 4])]
      expect(() => backend.matmul({ out, a, b: transposed(b) })).toThrow(ShapeError)
      expect(() => backend.matmul({ out: transposed(out), a, b })).toThrow(ShapeError)
      expect(() => backend.matmul({ out, a: backend.zeros([3]), b })).toThrow(ShapeError)
    })

    check('operands of a formula that do not lie over one grid', async (backend) => {
      const fit = {
        a: backend.zeros([2, 3]),
        b: backend.zeros([2, 3]),
        c: backend.zeros([3]),
        y: backend.zeros([2, 3]),
      }
      expect(() => backend.formula(addition, fit)).not.toThrow()
      expect(() => backend.formula(addition, { ...fit, b: backend.zeros([3, 3]) })).toThrow(ShapeError)
      expect(() => backend.formula(addition, { ...fit, c: backend.zeros([2]) })).toThrow(ShapeError)
      expect(() => backend.formula(addition, { ...fit, y: transposed(backend.zeros([3, 2])) })).toThrow(ShapeError)
      expect(() => backend.formula(addition, { ...fit, a: backend.zeros([3]) })).toThrow(ShapeError)
    })

    check('more or fewer numbers than a tensor holds', async (backend) => {
      const [x, beside] = [backend.zeros([2, 2]), backend.zeros([4])]
      for (const numbers of [[1, 2, 3], [1, 2, 3, 4, 5], []])
        expect(() => backend.write(x, numbers)).toThrow(ShapeError)
      for (const zeros of [x, beside]) expect(await numbersOf(backend, zeros)).toEqual([0, 0, 0, 0])
    })

    check('values that are not numbers, or not whole where indices are written', async (backend) => {
      const [x, indices] = [backend.zeros([2]), backend.indices([2])]
      backend.write(x, [1, 2])
      backend.write(indices, [1, 2])
      for (const bad of [null, undefined, '3', true, 3n, new Date(), [3]]) {
        expect(() => backend.write(x, [7, bad as unknown as number])).toThrow(ValueError)
        expect(() => backend.write(indices, [7, bad as unknown as number])).toThrow(
          /^write, number 1: expected a number, got /,
        )
      }
      for (const bad of [0.5, Number.NaN, 2 ** 31]) expect(() => backend.write(indices, [7, bad])).toThrow(ValueError)
      expect([...(await numbersOf(backend, x)), ...(await numbersOf(backend, indices))]).toEqual([1, 2, 1, 2])
      backend.write(x, [Number.NaN, Infinity])
      expect(await numbersOf(backend, x)).toEqual([Number.NaN, Infinity])
    })

    check('finite numbers that would become infinite', async (backend) => {
      const x = backend.zeros([2])
      backend.write(x, [1, 2])
      if (backend.dtype === 'float32') {
        expect(() => backend.write(x, [7, -1e39])).toThrow(
          /^write, number 1: expected a number up to 3.4028235e\+38, the largest of float32, got -1e\+39\. /,
        )
        const scaling = formula({ element: ['x'] }, (at) => ({ y: at.x.mul(1e39) }))
        expect(() => backend.formula(scaling, { x: asRows(x), y: asRows(x) })).toThrow(ValueError)
        expect(await numbersOf(backend, x)).toEqual([1, 2])
      } else {
        backend.write(x, [7, -1e39])
        expect(await numbersOf(backend, x)).toEqual([7, -1e39])
      }
    })

    check('indices of rows that there are not', async (backend) => {
      const [table, out, indices] = [backend.zeros([4, 3]), backend.zeros([2, 3]), backend.indices([2], 4)]
      const [gather, scatterAdd] = [
        backend.gather({ out, table, indices }),
        backend.scatterAdd({ rows: out, table, indices }),
      ]
      for (const bad of [-1, 4, 2 ** 30]) {
        backend.write(indices, [3, 0])
        for (const values of [[0, bad], Int32Array.of(0, bad)])
          expect(() => backend.write(indices, values), String(bad)).toThrow(
            `write, number 1: expected an integer from 0 to 3, got ${bad}`,
          )
        expect(await numbersOf(backend, indices)).toEqual([3, 0])
      }
      expect(() => [gather(0), scatterAdd(0)]).not.toThrow()
      for (const [others, got] of [[backend.indices([2]), 'any integers'], [backend.indices([2], 5), 'those of 5']])
        for (const bind of [
          () => backend.gather({ out, table, indices: others as Indices }),
          () => backend.scatterAdd({ rows: out, table, indices: others as Indices }),
        ])
          expect(bind).toThrow(`its indices: expected those of 4 rows, as many as the table has, got ${String(got)}`)
    })

    check('rows that do not fit their table', async (backend) => {
      const [table, indices] = [backend.zeros([4, 3]), backend.indices([2], 4)]
      expect(() => backend.gather({ out: backend.zeros([2, 2]), table, indices })).toThrow(ShapeError)
      expect(() => backend.gather({ out: backend.zeros([3, 3]), table, indices })).toThrow(ShapeError)
      expect(() => backend.scatterAdd({ rows: backend.zeros([2, 4]), table, indices })).toThrow(ShapeError)
    })
  })
