import type { Backend, BatchedProductOf } from '@recurra/backend'
import { at, Random, swapTimeAndBatch, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checks, fill, numbersOf, type MakeBackend } from './checks.ts'
import { guarded } from './guarded.ts'

/** The matrices of group g: one, or one per step. */
const groupOf = (x: Tensor, g: number): Tensor => at(x.shape.length === 4 ? swapTimeAndBatch(x) : x, g)

/** The same by `matmul`, group after group. */
const oneByOne = (backend: Backend, { out, a, b, bias, accumulate }: BatchedProductOf, step: number): void => {
  for (let g = 0; g < out.shape.at(-3)!; g++)
    backend.matmul({
      out: groupOf(out, g),
      a: groupOf(a, g),
      b: groupOf(b, g),
      ...(bias && { bias: bias.shape.length === 2 ? at(bias, g) : bias }),
      ...(accumulate && { accumulate }),
    })(step)
}

const sizes = fc.oneof(fc.constantFrom(1, 2, 3, 4, 7, 8, 17), fc.integer({ min: 1, max: 24 }))
const layout = fc.record({
  groups: fc.integer({ min: 0, max: 5 }), n: sizes, k: sizes, m: sizes,
  aSteps: fc.boolean(), bSteps: fc.boolean(), outSteps: fc.boolean(),
  aTransposed: fc.boolean(), bTransposed: fc.boolean(), batchInside: fc.boolean(),
  gaps: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
  from: fc.constantFrom('nothing', 'out', 'bias', 'a bias per group'), seed: fc.nat(1000),
})

/** Batched products are bit-identical to single ones, which `describeProducts` checks against their definition. */
export const describeBatchedProducts = (make: MakeBackend): void =>
  void describe('batchedMatmul', () => {
    const check = checks(make)
    check('has the bits of one product per group, and writes nothing else', async (backend) => {
      await fc.assert(fc.asyncProperty(layout, async (given) => {
        const { groups, n, k, m, aSteps, bSteps, outSteps, aTransposed, bTransposed, batchInside, gaps, seed } = given
        const random = new Random(seed)
        const [steps, step] = [3, seed % 3]
        const time = (has: boolean): number[] => (has ? [steps] : [])
        // time-major memory viewed batch-first, as in attention: groups are interleaved with the rows of a matrix
        const turned = batchInside && !outSteps && !bSteps && !aSteps && !aTransposed && !bTransposed
        const matrices = (has: boolean, rows: number, columns: number, gap: number, transposed = false) => {
          const shape = turned ? [rows, groups, columns] : [...time(has), groups, rows, columns]
          const { view, ...guard } = guarded(backend, shape, { gap, transposed })
          return { view: turned ? swapTimeAndBatch(view) : view, ...guard }
        }
        const out = matrices(outSteps, n, m, gaps[0])
        const a = matrices(aSteps, n, k, gaps[1], aTransposed)
        const b = matrices(bSteps, k, m, gaps[2], bTransposed)
        const bias = guarded(backend, given.from === 'bias' ? [m] : [groups, m])
        const all = [out, a, b, bias]
        for (const { view } of all) fill(backend, view, random)
        const old = await backend.readAsync(out.view)
        const operands: BatchedProductOf = {
          out: out.view, a: a.view, b: b.view,
          ...(given.from === 'out' && { accumulate: true }),
          ...(given.from.includes('bias') && { bias: bias.view }),
        }
        oneByOne(backend, operands, step)
        const expected = await numbersOf(backend, out.view)
        backend.write(out.view, old)
        backend.batchedMatmul(operands)(step)
        expect(await numbersOf(backend, out.view)).toEqual(expected)
        expect(await Promise.all(all.map((x) => x.trespasses()))).toEqual([0, 0, 0, 0])
      }), { numRuns: 60, seed: 1 })
    })

    it.each([
      ['a few rows', 9, 2, 200, 150],
      ['many rows', 6, 70, 65, 40],
      ['more than one block', 2, 101, 300, 20],
      ['products that are large by themselves', 3, 80, 80, 80],
    ])('has the same bits with %s, run again and again', async (_, groups, n, k, m) => {
      const backend = await make()
      const random = new Random(groups)
      const [a, b] = [backend.zeros([groups, n, k]), backend.zeros([groups, k, m])]
      const [out, single] = [backend.zeros([groups, n, m]), backend.zeros([groups, n, m])]
      const run = backend.batchedMatmul({ out, a, b })
      for (let round = 0; round < 3; round++) {
        fill(backend, a, random)
        fill(backend, b, random)
        oneByOne(backend, { out: single, a, b }, 0)
        run(0)
        expect(await numbersOf(backend, out)).toEqual(await numbersOf(backend, single))
      }
    })

    check('says what does not fit', async (backend) => {
      const [out, a, b] = [backend.zeros([2, 3, 4]), backend.zeros([2, 3, 5]), backend.zeros([2, 5, 4])]
      const failing = (operands: BatchedProductOf) => () => backend.batchedMatmul(operands)
      expect(failing({ out, a, b: backend.zeros([3, 5, 4]) })).toThrow('b: expected matrices for each of 2 groups')
      expect(failing({ out, a, b: backend.zeros([5, 4]) })).toThrow('b: expected matrices for each of 2 groups')
      expect(failing({ out, a, b: backend.zeros([2, 6, 4]) })).toThrow('out [n, m] = a [n, k] · b [k, m]')
      expect(failing({ out, a, b, bias: backend.zeros([3, 4]) })).toThrow('bias: expected one bias for all groups')
      expect(failing({ out, a, b, bias: backend.zeros([4]), accumulate: true })).toThrow('a bias or to accumulate')
      expect(failing({ out: { ...out, stride: [0, 4, 1] }, a, b })).toThrow('memory of its own for each group')
    })
  })
