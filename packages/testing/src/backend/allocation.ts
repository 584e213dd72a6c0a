import type { Backend } from '@recurra/backend'
import { accumulate, formula, sumOverAll, sumOverColumns, tanh } from '@recurra/formula'
import { columns, transposed } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { readsAllocate, type MakeBackend } from './checks.ts'
import { bytesPerCall, canMeasure, onceMore } from '../bytes-per-call.ts'

const reducing = formula({ element: ['x'], column: ['u'], row: ['r'], scalar: ['s'] }, ({ x, u, r, s }) => {
  const value = tanh(x.mul(u)).add(r.mul(s))
  return { y: value, perRow: sumOverColumns(value), all: accumulate(sumOverAll(value)) }
})

/** Bound kernels run, and values are written, without allocating memory. */
export const describeAllocation = (make: MakeBackend): void =>
  void describe.runIf(canMeasure)('allocates nothing', () => {
    const check = (what: string, bind: (backend: Backend) => () => void): void =>
      void it(what, onceMore, async ({ skip }) => {
        const backend = await make()
        skip(backend.answersLater === true, readsAllocate)
        expect(await bytesPerCall(bind(backend))).toBeLessThan(64)
      })

    check('in a formula', (backend) => {
      const grid = (): ReturnType<Backend['zeros']> => backend.zeros([3, 5])
      const run = backend.formula(reducing, {
        x: grid(),
        y: grid(),
        u: backend.zeros([5]),
        r: backend.zeros([3]),
        s: backend.zeros([]),
        perRow: backend.zeros([3]),
        all: backend.zeros([]),
      })
      return () => run(0)
    })
    for (const m of [1, 3, 12])
      check(`in matrix products of ${m} columns`, (backend) => {
        const [out, a, b] = [backend.zeros([2, 3, m]), backend.zeros([2, 3, 7]), backend.zeros([m, 7])]
        const run = backend.matmul({ out, a, b: transposed(b), accumulate: true })
        const packed = backend.packedMatmul({ out, a, b: transposed(b), bias: backend.zeros([m]) })
        return () => {
          packed.prepare()
          for (let step = 0; step < 2; step++) {
            packed.run(step)
            run(step)
          }
        }
      })
    check('in moving rows', (backend) => {
      const [table, rows, indices] = [backend.zeros([4, 3]), backend.zeros([5, 3]), backend.indices([5], 4)]
      const [gather, scatter] = [
        backend.gather({ out: rows, table, indices }),
        backend.scatterAdd({ table, rows, indices }),
      ]
      return () => {
        gather(0)
        scatter(0)
      }
    })
    check('in batched products', (backend) => {
      const [out, a, b] = [backend.zeros([4, 2, 3]), backend.zeros([4, 2, 5]), backend.zeros([4, 5, 3])]
      const run = backend.batchedMatmul({ out, a, b })
      return () => run(0)
    })
    check('in reading numbers back', (backend) => {
      const { run } = backend.readBack([backend.zeros([]), backend.zeros([7]), backend.zeros([])])
      return () => void run()
    })
    check('in writing numbers', (backend) => {
      const [x, tokens, view] = [backend.zeros([2, 3]), backend.indices([4]), columns(backend.zeros([1, 3]), 0, 2)]
      const [numbers, whole, two] = [
        Float64Array.from({ length: 6 }, (_, i) => i / 3),
        Int32Array.from([1, 2, 3, 4]),
        Float32Array.from([1, 2]),
      ]
      return () => {
        backend.write(x, numbers)
        backend.write(tokens, whole)
        backend.write(view, two)
      }
    })
  })
