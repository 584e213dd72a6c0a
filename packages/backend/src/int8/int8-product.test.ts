import { columns, Random, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../backend.ts'
import { javascript } from '../javascript/javascript.ts'
import { matrixProductOf } from '../matrix-product.ts'
import { partsOf } from '../scopes.ts'
import type { WebAssemblyParts } from '../webassembly/int8/int8-products.ts'
import { webassembly } from '../webassembly/webassembly.ts'
import { int8Kernels } from '../webassembly/int8/fastest-int8.ts'
import { int8ProductsOf } from '../webassembly/int8/int8-products.ts'
import { int8Backend, type Int8Backend } from './int8-backend.ts'
import { int8Of, int8ViewOf } from './int8-matrix.ts'

const reference = int8Backend(javascript())
const fast = webassembly()

interface Case {
  readonly n: number
  readonly k: number
  readonly m: number
  readonly cut: number
  readonly start: 'bias' | 'accumulate' | 'nothing'
  readonly seed: number
}

/** The operands of a case: two steps of `a`, and whole or some columns of an int8 matrix. */
const operandsOf = (backend: Int8Backend, { n, k, m, cut, start, seed }: Case) => {
  const random = new Random(seed)
  const filled = (...shape: number[]): Tensor => {
    const made = backend.zeros(shape)
    const scale = 10 ** random.uniform(-3, 3)
    backend.write(made, Float64Array.from(made.data, () => (random.uniform(0, 1) < 0.1 ? 0 : scale * random.normal())))
    return made
  }
  const [a, whole, out, bias] = [filled(2, n, k), filled(k, m + cut), filled(n, m), filled(m)]
  backend.declareInt8(whole, 1)
  const b = columns(whole, cut, cut + m)
  return { a, b, out, ...(start === 'bias' && { bias }), accumulate: start === 'accumulate' }
}

const cases = fc.record({
  n: fc.integer({ min: 1, max: 5 }), k: fc.integer({ min: 1, max: 70 }), m: fc.integer({ min: 1, max: 70 }),
  cut: fc.integer({ min: 0, max: 3 }), start: fc.constantFrom('bias', 'accumulate', 'nothing'), seed: fc.nat(10_000),
})

const bitsOf = (backend: Backend, out: Tensor): Int32Array => new Int32Array(backend.read(out).slice().buffer)

describe.each(['quadruples', 'bytePairs', 'pairs'] as const)('int8 products with %s', (instruction) => {
  const kernels = int8Kernels((partsOf(fast) as WebAssemblyParts).heap, instruction)

  it.runIf(kernels)('have the bits of the reference, whatever the sizes, the columns and the start', () => {
    const products = int8ProductsOf(fast, () => kernels!)!
    const backend = int8Backend(fast)
    fc.assert(fc.property(cases, (one) => {
      const expected = operandsOf(reference, one)
      reference.matmul(expected)(1)
      const actual = operandsOf(backend, one)
      products.bind(matrixProductOf(actual), int8ViewOf(actual.b)!)(1)
      expect(bitsOf(backend, actual.out)).toEqual(bitsOf(reference, expected.out))
    }), { numRuns: 60, seed: 1 })
  })
})

describe('an int8 product', () => {
  it('has the bits of the reference on threads, through both kinds of product', () => {
    const threads = int8Backend(webassembly({ threads: 2 }))
    for (const [n, k, m] of [[1, 37, 70], [42, 127, 200]] as const) {
      const one: Case = { n, k, m, cut: 0, start: 'bias', seed: k }
      const [expected, whole, packed] = [reference, threads, threads].map((backend) => operandsOf(backend, one))
      reference.matmul(expected!)(0)
      threads.matmul(whole!)(0)
      const product = threads.packedMatmul(packed!)
      product.prepare()
      for (let round = 0; round < 5; round++) product.run(0)
      expect(bitsOf(threads, whole!.out)).toEqual(bitsOf(reference, expected!.out))
      expect(bitsOf(threads, packed!.out)).toEqual(bitsOf(reference, expected!.out))
    }
  })

  it('differs from the float product of the same weights by at most half a step of each input', () => {
    fc.assert(fc.property(cases, (one) => {
      const { a, b, out, bias } = operandsOf(reference, { ...one, start: 'bias' })
      reference.matmul({ out, a, b, bias: bias! })(0)
      const y = reference.read(out)
      const [x, w, start] = [reference.read(a), reference.read(b), reference.read(bias!)]
      const { n, k, m } = one
      let worst = -Infinity // error - bound
      for (let i = 0; i < n; i++) {
        const row = x.subarray(i * k, (i + 1) * k)
        const step = (Math.max(0, ...row) - Math.min(0, ...row)) / 127
        for (let j = 0; j < m; j++) {
          let [exact, bound, size] = [start[j]!, 0, Math.abs(start[j]!)]
          for (let l = 0; l < k; l++) {
            exact += row[l]! * w[l * m + j]!
            bound += (step / 2) * Math.abs(w[l * m + j]!)
            size += Math.abs(row[l]! * w[l * m + j]!)
          }
          // and the rounding of the float operations on the way: of x / step, of the scales and of the sum
          const most = bound * (1 + 2 ** -15) + 4 * size * 2 ** -22
          worst = Math.max(worst, Math.abs(y[i * m + j]! - exact) - most)
        }
      }
      expect(worst).toBeLessThanOrEqual(0)
    }), { numRuns: 40, seed: 2 })
  })

  it('is exact where inputs and weights are integers of 7 and 8 bits', () => {
    for (const backend of [reference, int8Backend(fast)]) {
      const [a, b, out] = [backend.zeros([1, 3]), backend.zeros([3, 2]), backend.zeros([1, 2])]
      backend.write(a, [0, 127, 5])
      backend.write(b, [127, 0, -3, 127, 8, -127])
      backend.declareInt8(b, 1)
      backend.matmul({ out, a, b })(0)
      expect([...backend.read(out)]).toEqual([-3 * 127 + 8 * 5, 127 * 127 - 127 * 5])
    }
  })

  it.each([NaN, Infinity, -Infinity])('is not a number where an input is %d, in its row alone', (wrong) => {
    for (const backend of [reference, int8Backend(fast)]) {
      const [a, b, out] = [backend.zeros([2, 3]), backend.zeros([3, 1]), backend.zeros([2, 1])]
      backend.write(a, [1, wrong, 2, 1, 2, 3])
      backend.write(b, [1, 1, 1])
      backend.declareInt8(b, 1)
      backend.matmul({ out, a, b })(0)
      const [first, second] = backend.read(out)
      expect(first).toBeNaN()
      expect(second).toBeCloseTo(6, 1)
    }
  })

  it('takes what is written to its matrix, rounded once', () => {
    const backend = int8Backend(fast)
    const [a, b, out] = [backend.zeros([1, 2]), backend.zeros([2, 1]), backend.zeros([1, 1])]
    backend.write(a, [1, 0])
    backend.declareInt8(b, 1)
    const run = backend.matmul({ out, a, b })
    for (const weight of [3, -0.1, 0]) {
      backend.write(b, [weight, 0])
      run(0)
      expect(backend.read(out)[0]).toBeCloseTo(weight, 4)
    }
    const values = Array.from({ length: 2 }, (_, i) => Math.sin(i + 1))
    backend.write(b, values)
    const [rounded, { scales }] = [backend.read(b), int8Of(b)!]
    const scale = scales[0]!
    backend.write(b, rounded)
    expect([...backend.read(b)]).toEqual([...rounded])
    expect(scales[0]).toBe(scale)
  })

  it('refuses kernels that write to its matrix', () => {
    const backend = int8Backend(fast)
    const [a, b, out] = [backend.zeros([2, 2]), backend.zeros([2, 2]), backend.zeros([2, 2])]
    backend.declareInt8(out, 1)
    expect(() => backend.matmul({ out, a, b })).toThrow('a kernel that writes to a quantized parameter')
  })
})
