import { batchedFormula } from '@recurra/backend'
import {
  accumulate, formula, input, outputsOf, programOf, sumOverColumns, sumOverRows, type Program,
} from '@recurra/formula'
import { at, Random, sizeOf, swapTimeAndBatch, viewOf, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { numbersOf, type MakeBackend } from './checks.ts'

const [x, c, r, s] = [input('x'), input('c', 'column'), input('r', 'row'), input('s', 'scalar')]
const value = x.mul(s).add(c.mul(r))
const program: Program = programOf(outputsOf<string>({
  y: value, ofRow: sumOverColumns(value.mul(x)), ofColumn: accumulate(sumOverRows(value)), x: x.add(r),
}))

const layout = fc.record({
  groups: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 1, max: 9 }), columns: fc.integer({ min: 1, max: 9 }),
  timed: fc.subarray(['x', 'c', 'r', 's', 'y', 'ofRow', 'ofColumn']), same: fc.subarray(['c', 'r', 's']),
  seed: fc.nat(1000),
})

/**
 * A formula over groups is bit-identical to one formula per group, which `describeFormulas` checks against its
 * definition.
 */
export const describeBatchedFormulas = (make: MakeBackend): void =>
  void describe('batchedFormula', () => {
    it('has the bits of one formula per group, whatever varies with the group or the step', async () => {
      const backend = await make()
      await fc.assert(fc.asyncProperty(layout, async ({ groups, rows, columns, timed, same, seed }) => {
        const random = new Random(seed)
        const [steps, step] = [3, seed % 3]
        const of = (name: string, ...shape: number[]): Tensor => {
          const time = timed.includes(name) ? [steps] : []
          if (same.includes(name)) {
            const one = backend.zeros([...time, ...shape])
            const [stride, before] = [[...one.stride], time.length]
            stride.splice(before, 0, 0)
            return viewOf(one, [...time, groups, ...shape], stride, 0)
          }
          return backend.zeros([...time, groups, ...shape])
        }
        const operands: { readonly [name: string]: Tensor } = {
          x: of('x', rows, columns), c: of('c', columns), r: of('r', rows), s: of('s'),
          y: of('y', rows, columns), ofRow: of('ofRow', rows), ofColumn: of('ofColumn', columns),
        }
        const memory = Object.values(operands)
        const whole = (tensor: Tensor): Tensor =>
          tensor.stride.includes(0) && sizeOf(tensor.shape) > 1
            ? viewOf(tensor, [tensor.data.length], [1], 0)
            : tensor
        const before = memory.map((tensor) =>
          Array.from({ length: sizeOf(whole(tensor).shape) }, () => random.uniform(-1, 1)))
        const fill = (): void => memory.forEach((tensor, i) => backend.write(whole(tensor), before[i]!))
        const rank: { readonly [name: string]: number } = { x: 2, c: 1, r: 1, s: 0, y: 2, ofRow: 1, ofColumn: 1 }
        fill()
        for (let g = 0; g < groups; g++)
          backend.formula(program, Object.fromEntries(Object.entries(operands).map(([name, tensor]) =>
            [name, at(tensor.shape.length > rank[name]! + 1 ? swapTimeAndBatch(tensor) : tensor, g)])))(step)
        const read = (): Promise<number[][]> => Promise.all(memory.map((tensor) => numbersOf(backend, whole(tensor))))
        const expected = await read()
        fill()
        batchedFormula(backend, program, operands)(step)
        expect(await read()).toEqual(expected)
      }), { numRuns: 60, seed: 1 })
    })

    it('means what it says: a matrix of decays between two steps, for each head', async () => {
      const backend = await make()
      const between = formula({ column: ['from'], row: ['to'] }, ({ from, to }) => ({ y: to.sub(from) }))
      const [from, to, y] = [backend.zeros([2, 3]), backend.zeros([2, 2]), backend.zeros([2, 2, 3])]
      backend.write(from, [1, 2, 3, 10, 20, 30])
      backend.write(to, [5, 6, 50, 60])
      batchedFormula(backend, between, { from, to, y })(0)
      expect(await numbersOf(backend, y)).toEqual([4, 3, 2, 5, 4, 3, 40, 30, 20, 50, 40, 30])
    })

    it('says what does not fit', async () => {
      const backend = await make()
      const add = formula({ element: ['a'], row: ['b'] }, ({ a, b }) => ({ y: a.add(b) }))
      const [a, b, y] = [backend.zeros([2, 3, 4]), backend.zeros([2, 3]), backend.zeros([2, 3, 4])]
      const failing = (others: object) => () => batchedFormula(backend, add, { a, b, y, ...others })
      expect(failing({ b: backend.zeros([3, 3]) })).toThrow('operand b: expected 2 groups, got 3')
      expect(failing({ b: backend.zeros([3]) })).toThrow('operand b: expected 2 axes, groups first')
      expect(failing({ b: backend.zeros([2, 4]) })).toThrow('operand b: expected 3 rows, got 4')
      expect(failing({ y: viewOf(y, [2, 3, 4], [0, 4, 1], 0) })).toThrow('memory of its own for each group')
    })
  })
