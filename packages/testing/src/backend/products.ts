import type { Backend } from '@recurra/backend'
import { Random, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { guarded, type Guarded } from './guarded.ts'
import { epsilon } from './ulps.ts'

interface Matrices {
  readonly n: number
  readonly k: number
  readonly m: number
  readonly out: Guarded
  readonly a: Guarded
  readonly b: Guarded
}

const fill = (backend: Backend, x: Tensor, random: Random): void => {
  backend.write(x, Array.from(backend.read(x), () => random.uniform(-1, 1)))
}

/** Faults of one step's product against its definition. A sum of k products is off by at most k roundings of their magnitudes. */
const faults = (backend: Backend, { n, k, m, out, a, b }: Matrices, step: number, old: ArrayLike<number>, accumulate: boolean): string[] => {
  const [A, B, Y] = [a.read(), b.read(), out.read()]
  const [a0, y0] = [a.view.shape.length === 3 ? step * n * k : 0, out.view.shape.length === 3 ? step * n * m : 0]
  const found: string[] = []
  Y.forEach((got, at) => {
    const [i, j] = [Math.floor((at - y0) / m), (at - y0) % m]
    const untouched = i < 0 || i >= n
    let want = accumulate || untouched ? old[at]! : 0
    let weight = Math.abs(want)
    if (!untouched)
      for (let l = 0; l < k; l++) {
        const term = A[a0 + i * k + l]! * B[l * m + j]!
        want += term
        weight += Math.abs(term)
      }
    const limit = untouched ? 0 : ((k + 1) * epsilon[backend.dtype] * weight)
    if (!(Math.abs(got - want) <= limit)) found.push(`element ${at} of [${n}, ${k}] · [${k}, ${m}]: ${got}, not ${want}`)
  })
  return found
}

const sizes = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 31, 33), fc.integer({ min: 1, max: 40 }))
const layout = fc.record({
  n: sizes, k: sizes, m: sizes,
  aSteps: fc.boolean(), outSteps: fc.boolean(), aTransposed: fc.boolean(), bTransposed: fc.boolean(),
  gaps: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), accumulate: fc.boolean(), seed: fc.nat(1000),
})

/** Matrix products equal their definition at any shape, both ways round, per step, and added to what is there. */
export const describeProducts = (make: () => Backend): void =>
  void describe('matrix products', () => {
    it('equal their definition, and write nothing else', () => {
      const backend = make()
      fc.assert(fc.property(layout, ({ n, k, m, aSteps, outSteps, aTransposed, bTransposed, gaps, accumulate, seed }) => {
        const random = new Random(seed)
        const [steps, step] = [3, seed % 3]
        const out = guarded(backend, outSteps ? [steps, n, m] : [n, m], { gap: gaps[0] })
        const a = guarded(backend, aSteps ? [steps, n, k] : [n, k], { gap: gaps[1], transposed: aTransposed })
        const b = guarded(backend, [k, m], { gap: gaps[2], transposed: bTransposed })
        for (const { view } of [out, a, b]) fill(backend, view, random)
        const old = out.read()
        const { prepare, run } = backend.matmul({ out: out.view, a: a.view, b: b.view, accumulate })
        prepare()
        run(step)
        expect(faults(backend, { n, k, m, out, a, b }, step, old, accumulate)).toEqual([])
        expect([out.trespasses(), a.trespasses(), b.trespasses()]).toEqual([0, 0, 0])
      }), { numRuns: 150, seed: 1 })
    })

    for (const [n, k, m] of [[257, 3, 1], [1, 257, 5], [2, 1, 257], [1, 64, 1024], [1, 1, 1], [33, 130, 68]] as const)
      for (const bTransposed of [false, true])
        it(`[${n}, ${k}] · [${k}, ${m}]${bTransposed ? ' with b transposed' : ''}`, () => {
          const backend = make()
          const random = new Random(n + k + m)
          const [out, a, b] = [guarded(backend, [n, m]), guarded(backend, [n, k]), guarded(backend, [k, m], { transposed: bTransposed })]
          for (const { view } of [a, b]) fill(backend, view, random)
          const { prepare, run } = backend.matmul({ out: out.view, a: a.view, b: b.view })
          prepare()
          run(0)
          expect(faults(backend, { n, k, m, out, a, b }, 0, [], false)).toEqual([])
        })

    it('see a new b after prepare, a new a at once, and repeat their bits', () => {
      const backend = make()
      const random = new Random(5)
      const [n, k, m] = [3, 5, 9]
      const [out, a, b] = [guarded(backend, [n, m]), guarded(backend, [2, n, k]), guarded(backend, [k, m])]
      const { prepare, run } = backend.matmul({ out: out.view, a: a.view, b: b.view })
      for (let round = 0; round < 3; round++) {
        fill(backend, b.view, random)
        prepare()
        for (const step of [1, 0, 1]) {
          fill(backend, a.view, random)
          run(step)
          expect(faults(backend, { n, k, m, out, a, b }, step, [], false)).toEqual([])
        }
        const before = out.read()
        const again = backend.matmul({ out: out.view, a: a.view, b: b.view })
        again.prepare()
        again.run(1)
        expect(out.read()).toEqual(before)
      }
    })

    it('keep NaN and infinity in their row and column', () => {
      const backend = make()
      const [n, k, m] = [5, 6, 7]
      const [out, a, b] = [backend.zeros([n, m]), backend.zeros([n, k]), backend.zeros([k, m])]
      backend.write(a, Array.from({ length: n * k }, (_, i) => (i === 2 * k + 1 ? Number.NaN : i === 4 * k ? Infinity : 1)))
      backend.write(b, Array.from({ length: k * m }, (_, i) => (i === 3 * m + 4 ? Number.NaN : 1)))
      const { prepare, run } = backend.matmul({ out, a, b })
      prepare()
      run(0)
      backend.read(out).forEach((got, at) => {
        const [i, j] = [Math.floor(at / m), at % m]
        expect(got, `row ${i}, column ${j}`).toBe(i === 2 || j === 4 ? Number.NaN : i === 4 ? Infinity : k)
      })
    })
  })
