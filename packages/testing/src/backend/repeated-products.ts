import type { Backend } from '@recurra/backend'
import { accumulate, formula } from '@recurra/formula'
import { Random, transposed, type Tensor } from '@recurra/tensor'
import { describe, expect, it } from 'vitest'
import { fill, numbersOf, type MakeBackend } from './checks.ts'

const [k, m] = [33, 70]
const adding = formula({ element: ['x'] }, ({ x }) => ({ b: accumulate(x) }))

/** Every way to change `b`: each returns a function that does so. */
const writers: Readonly<Record<string, (backend: Backend, b: Tensor, x: Tensor) => () => void | Promise<void>>> = {
  write: (backend, b, x) => async () => backend.write(b, await backend.readAsync(x)),
  'a formula': (backend, b, x) => {
    const run = backend.formula(adding, { x, b })
    return () => run(0)
  },
  'a product': (backend, b, x) => {
    const unit = backend.zeros([k, k])
    backend.write(unit, Array.from({ length: k * k }, (_, i) => (i % (k + 1) ? 0 : 2)))
    const run = backend.matmul({ out: b, a: unit, b: x })
    return () => run(0)
  },
  'rows that were gathered': (backend, b, x) => {
    const run = backend.gather({ out: b, table: x, indices: backend.indices([k], 1) })
    return () => run(0)
  },
  'rows that were added': (backend, b, x) => {
    const run = backend.scatterAdd({ table: b, rows: x, indices: backend.indices([k], 1) })
    return () => run(0)
  },
}

/**
 * A product that runs repeatedly, as in a stream: the same values give the same bits, and a change of `b` takes effect
 * whichever kernel made it.
 */
export const describeRepeatedProducts = (make: MakeBackend): void =>
  void describe.each([1, 2, 4, 5])('a product of %i rows run again', (n) => {
    const setUp = async (turned: boolean) => {
      const [backend, random] = [await make(), new Random(n)]
      const [a, out, x] = [backend.zeros([n, k]), backend.zeros([n, m]), backend.zeros([k, m])]
      const b = turned ? transposed(backend.zeros([m, k])) : backend.zeros([k, m])
      for (const each of [a, b, x])
        fill(backend, each, random)
      const fresh = (): Promise<number[]> => {
        const made = backend.zeros([n, m])
        backend.matmul({ out: made, a, b })(0)
        return numbersOf(backend, made)
      }
      return { backend, a, b, x, out, fresh }
    }

    it.each([false, true])('gives the same bits (b transposed: %s)', async (turned) => {
      const { backend, a, b, out, fresh } = await setUp(turned)
      const { prepare, run } = backend.packedMatmul({ out, a, b })
      const whole = backend.matmul({ out, a, b })
      const expected = await fresh()
      for (let round = 0; round < 4; round++)
        for (const product of [run, whole]) {
          prepare()
          backend.write(out, Array.from({ length: n * m }, () => Number.NaN))
          product(0)
          expect(await numbersOf(backend, out)).toEqual(expected)
        }
    })

    it('sees what anybody changed', async () => {
      const { backend, a, b, x, out, fresh } = await setUp(false)
      const run = backend.matmul({ out, a, b })
      for (const [writer, bind] of Object.entries(writers)) {
        const change = bind(backend, b, x)
        for (const quiet of [1, 3, 2, 3]) {
          for (let i = 0; i < quiet; i++) run(0)
          await change()
          run(0)
          expect(await numbersOf(backend, out), writer).toEqual(await fresh())
        }
      }
    })
  })
