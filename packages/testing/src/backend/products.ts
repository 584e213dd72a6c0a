import type { Backend, Kernel, ProductOf } from '@recurra/backend'
import { Random } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { checks, fill, numbersOf, type MakeBackend } from './checks.ts'
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

/** The product in its two forms; the second packs `b` before it runs. */
const forms: Readonly<Record<string, (backend: Backend, operands: ProductOf) => Kernel>> = {
  matmul: (backend, operands) => backend.matmul(operands),
  packedMatmul: (backend, operands) => {
    const { prepare, run } = backend.packedMatmul(operands)
    return (step) => {
      prepare()
      run(step)
    }
  },
}

/**
 * Compares the product of one step with its definition. The error of a sum of k products is at most k roundings of
 * their magnitudes.
 */
const faults = async (
  backend: Backend,
  { n, k, m, out, a, b }: Matrices,
  step: number,
  start: (at: number, column: number) => number,
): Promise<string[]> => {
  const [A, B, Y] = await Promise.all([a.read(), b.read(), out.read()])
  const from = ({ view: { shape } }: Guarded): number => (shape.length === 3 ? step * shape[1]! * shape[2]! : 0)
  const [a0, b0, y0] = [from(a), from(b), from(out)]
  const found: string[] = []
  Y.forEach((got, at) => {
    const [i, j] = [Math.floor((at - y0) / m), (at - y0) % m]
    const untouched = i < 0 || i >= n
    if (untouched) return
    let want = start(at, j)
    let weight = Math.abs(want)
    for (let l = 0; l < k; l++) {
      const term = A[a0 + i * k + l]! * B[b0 + l * m + j]!
      want += term
      weight += Math.abs(term)
    }
    const limit = (k + 1) * epsilon[backend.dtype] * weight
    if (!(Math.abs(got - want) <= limit))
      found.push(`element ${at} of [${n}, ${k}] · [${k}, ${m}]: ${got}, not ${want}`)
  })
  return found
}

const sizes = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 31, 33), fc.integer({ min: 1, max: 40 }))
const layout = fc.record({
  n: sizes, k: sizes, m: sizes,
  aSteps: fc.boolean(), bSteps: fc.boolean(), outSteps: fc.boolean(),
  aTransposed: fc.boolean(), bTransposed: fc.boolean(),
  gaps: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), from: fc.constantFrom('nothing', 'out', 'bias'), seed: fc.nat(1000),
})

/** Matrix products match their definition at any shape, transposed or not, per step, accumulated or added to a bias. */
export const describeProducts = (make: MakeBackend): void => {
  for (const [form, product] of Object.entries(forms)) describe(form, () => describeForm(make, product))
  describe('packedMatmul', () => {
    const check = checks(make)
    check('takes one b for all steps', async (backend) => {
      const [out, a, b] = [backend.zeros([2, 3]), backend.zeros([2, 4]), backend.zeros([5, 4, 3])]
      expect(() => backend.packedMatmul({ out, a, b })).toThrow('b: expected the same matrix at every step')
    })

    check('sees a new b after prepare, and a new a at once', async (backend) => {
      const random = new Random(5)
      const [n, k, m] = [3, 5, 9]
      const [out, a, b] = [guarded(backend, [n, m]), guarded(backend, [2, n, k]), guarded(backend, [k, m])]
      const { prepare, run } = backend.packedMatmul({ out: out.view, a: a.view, b: b.view })
      for (let round = 0; round < 3; round++) {
        fill(backend, b.view, random)
        prepare()
        for (const step of [1, 0, 1]) {
          fill(backend, a.view, random)
          run(step)
          expect(await faults(backend, { n, k, m, out, a, b }, step, nothing)).toEqual([])
        }
      }
    })
  })
}

const nothing = (): number => 0
const odd = [[257, 3, 1], [1, 257, 5], [2, 1, 257], [1, 64, 1024], [1, 1, 1], [33, 130, 68], [101, 600, 20]] as const
const bothWays = [[false, false], [false, true], [true, false], [true, true]] as const

const describeForm = (make: MakeBackend, product: (backend: Backend, operands: ProductOf) => Kernel): void => {
  const check = checks(make)
  check('equals its definition, and writes nothing else', async (backend) => {
    await fc.assert(fc.asyncProperty(layout, async (given) => {
      const { n, k, m, aSteps, bSteps, outSteps, aTransposed, bTransposed, gaps, from, seed } = given
      const random = new Random(seed)
      const steps = 2 + (seed % 4)
      const step = seed % steps
      const bPerStep = bSteps && product === forms['matmul']
      const out = guarded(backend, outSteps ? [steps, n, m] : [n, m], { gap: gaps[0] })
      const a = guarded(backend, aSteps ? [steps, n, k] : [n, k], { gap: gaps[1], transposed: aTransposed })
      const b = guarded(backend, bPerStep ? [steps, k, m] : [k, m], { gap: gaps[2], transposed: bTransposed })
      const bias = guarded(backend, [m])
      for (const { view } of [out, a, b, bias]) fill(backend, view, random)
      const [old, row] = await Promise.all([out.read(), bias.read()])
      const start = {
        nothing,
        out: (at: number): number => old[at]!,
        bias: (_: number, column: number): number => row[column]!,
      }[from]
      const options = { nothing: {}, out: { accumulate: true }, bias: { bias: bias.view } }[from]
      product(backend, { out: out.view, a: a.view, b: b.view, ...options })(step)
      expect(await faults(backend, { n, k, m, out, a, b }, step, start)).toEqual([])
      const [first, end] = out.view.shape.length === 3 ? [step * n * m, (step + 1) * n * m] : [0, n * m]
      expect(
        (await out.read()).filter((value, at) => (at < first! || at >= end!) && value !== old[at]),
        'other steps written',
      ).toEqual([])
      expect(await Promise.all([out, a, b, bias].map((x) => x.trespasses()))).toEqual([0, 0, 0, 0])
    }), { numRuns: 150, seed: 1 })
  })

  for (const [n, k, m] of odd)
    for (const [aTransposed, bTransposed] of bothWays) {
      const views = `${aTransposed ? ' with a transposed' : ''}${bTransposed ? ' with b transposed' : ''}`
      check(`[${n}, ${k}] · [${k}, ${m}]${views}`, async (backend) => {
        const random = new Random(n + k + m)
        const out = guarded(backend, [n, m])
        const [a, b] = [
          guarded(backend, [n, k], { transposed: aTransposed }),
          guarded(backend, [k, m], { transposed: bTransposed }),
        ]
        for (const { view } of [a, b]) fill(backend, view, random)
        product(backend, { out: out.view, a: a.view, b: b.view })(0)
        expect(await faults(backend, { n, k, m, out, a, b }, 0, nothing)).toEqual([])
        const before = await out.read()
        product(backend, { out: out.view, a: a.view, b: b.view })(0)
        expect(await out.read(), 'the same bits again').toEqual(before)
      })
    }

  check('keeps NaN and infinity in their row and column', async (backend) => {
    const [n, k, m] = [5, 6, 7]
    const [out, a, b] = [backend.zeros([n, m]), backend.zeros([n, k]), backend.zeros([k, m])]
    backend.write(
      a,
      Array.from({ length: n * k }, (_, i) => (i === 2 * k + 1 ? Number.NaN : i === 4 * k ? Infinity : 1)),
    )
    backend.write(b, Array.from({ length: k * m }, (_, i) => (i === 3 * m + 4 ? Number.NaN : 1)))
    product(backend, { out, a, b })(0)
    const results = await numbersOf(backend, out)
    results.forEach((got, at) => {
      const [i, j] = [Math.floor(at / m), at % m]
      expect(got, `row ${i}, column ${j}`).toBe(i === 2 || j === 4 ? Number.NaN : i === 4 ? Infinity : k)
    })
  })
}
