import {
  accumulate, column, constant, equal, formula, input, maxOverColumns, outputsOf, programOf, sumOverAll, sumOverColumns,
  sumOverRows,
} from '@recurra/formula'
import { Random, type Floats, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { checks, numbersOf, type MakeBackend } from './checks.ts'
import { formulaFaults } from './formula-faults.ts'
import { guarded } from './guarded.ts'
import { programs } from './programs.ts'

const size = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 7, 8), fc.integer({ min: 1, max: 19 }))
const lay = fc.record({ stepped: fc.boolean(), gap: fc.constantFrom(0, 0, 1, 3) })
const sheet = (values: readonly (readonly number[])[]): { shape: [number, number]; flat: number[] } => ({
  shape: [values.length, values[0]!.length],
  flat: values.flat(),
})

const plain = { stepped: false, gap: 0 }
const every = formula({ element: ['x'], column: ['u'], row: ['r'], scalar: ['s'] }, ({ x, u, r, s }) => {
  const value = x.mul(u).add(r.mul(s))
  return {
    y: value, more: accumulate(value),
    rowSum: sumOverColumns(value), rowMax: maxOverColumns(value), unitSum: sumOverRows(value), total: sumOverAll(value),
    moreRowSum: accumulate(sumOverColumns(value)), moreRowMax: accumulate(maxOverColumns(value)),
    moreUnitSum: accumulate(sumOverRows(value)), moreTotal: accumulate(sumOverAll(value)),
  }
})

/** Formulas match their definition on grids of any shape, and write nothing else. */
export const describeFormulas = (make: MakeBackend): void =>
  void describe('formulas', () => {
    const check = checks(make)
    check('of every kind and reduction equal their definition, and write nothing else', async (backend) => {
      await fc.assert(
        fc.asyncProperty(
          programs,
          size,
          size,
          fc.array(lay, { minLength: 1, maxLength: 9 }),
          fc.nat(2),
          fc.nat(1000),
          async (program, rows, columns, lays, step, seed) => {
            expect(await formulaFaults(backend, program, [rows, columns], lays, step, seed)).toEqual([])
          },
        ),
        { numRuns: 200, seed: 1 },
      )
    })

    for (const [rows, columns] of [
      [1, 1], [1, 2], [2, 1], [3, 3], [5, 31], [31, 5], [7, 33], [1, 257], [257, 1], [2, 257],
    ] as const)
      check(`on a grid of ${rows} x ${columns}, whole, in gaps, and per step`, async (backend) => {
        for (const lays of [
          [plain],
          [{ stepped: false, gap: 3 }],
          [{ stepped: true, gap: 0 }],
          [plain, { stepped: true, gap: 1 }],
        ])
          expect(await formulaFaults(backend, every, [rows, columns], lays, 1, rows + columns)).toEqual([])
      })

    check('keep NaN where it is', async (backend) => {
      const { shape, flat } = sheet([[1, Number.NaN, 3, 4, 5], [1, 2, 3, 4, 5], [-1, -2, -3, -4, -5]])
      const tensors = {
        x: backend.zeros(shape),
        y: backend.zeros(shape),
        sum: backend.zeros([3]),
        top: backend.zeros([3]),
        down: backend.zeros([5]),
      }
      backend.write(tensors.x, flat)
      backend.formula(
        formula({ element: ['x'] }, ({ x }) => ({
          y: x.mul(0),
          sum: sumOverColumns(x),
          top: maxOverColumns(x),
          down: sumOverRows(x),
        })),
        tensors,
      )(0)
      expect((await numbersOf(backend, tensors.y)).map(Number.isNaN)).toEqual(flat.map(Number.isNaN))
      expect(await numbersOf(backend, tensors.sum)).toEqual([Number.NaN, 15, -15])
      expect(await numbersOf(backend, tensors.top)).toEqual([Number.NaN, 5, -1])
      expect(await numbersOf(backend, tensors.down)).toEqual([1, Number.NaN, 3, 4, 5])
    })

    check('reduce infinities', async (backend) => {
      const { shape, flat } = sheet([[-Infinity, -Infinity, -Infinity], [1, Infinity, 3], [Infinity, -Infinity, 0]])
      const tensors = { x: backend.zeros(shape), sum: backend.zeros([3]), top: backend.zeros([3]) }
      backend.write(tensors.x, flat)
      backend.formula(
        formula({ element: ['x'] }, ({ x }) => ({ sum: sumOverColumns(x), top: maxOverColumns(x) })),
        tensors,
      )(0)
      expect(await numbersOf(backend, tensors.sum)).toEqual([-Infinity, Infinity, Number.NaN])
      expect(await numbersOf(backend, tensors.top)).toEqual([-Infinity, Infinity, Infinity])
    })

    check('compute everything before anything is written', async (backend) => {
      const [a, b] = [backend.zeros([2, 7]), backend.zeros([2, 7])]
      const numbers = Array.from({ length: 14 }, (_, i) => i + 1)
      backend.write(a, numbers)
      backend.write(b, numbers.map((n) => -n))
      backend.formula(programOf(outputsOf({ a: input('b').mul(2), b: input('a').add(input('b')) })), { a, b })(0)
      expect(await numbersOf(backend, a)).toEqual(numbers.map((n) => -2 * n))
      expect(await numbersOf(backend, b)).toEqual(numbers.map(() => 0))
    })

    check('read integers: a one-hot row', async (backend) => {
      const [token, y] = [backend.indices([2, 3]), backend.zeros([3, 6])]
      backend.write(token, [0, 0, 0, 5, 0, 3])
      backend.formula(formula({ row: ['token'] }, ({ token: t }) => ({ y: equal(column, t) })), { token, y })(1)
      expect(await numbersOf(backend, y)).toEqual(
        [5, 0, 3].flatMap((hot) => [0, 1, 2, 3, 4, 5].map((c) => (c === hot ? 1 : 0))),
      )
    })

    check('write integers', async (backend) => {
      const [x, out] = [backend.zeros([2, 2]), backend.indices([2, 2])]
      backend.write(x, [-3, 0, 1, 2 ** 20])
      backend.formula(formula({ element: ['x'] }, (o) => ({ out: o.x.add(1) })), { x, out })(0)
      expect(await numbersOf(backend, out)).toEqual([-2, 1, 2, 2 ** 20 + 1])
    })

    check('count columns from 0 in every row, also where rows follow each other without a gap', async (backend) => {
      const y = backend.zeros([3, 5])
      backend.formula(formula({}, () => ({ y: column })), { y })(0)
      expect(await numbersOf(backend, y)).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    })

    check('of a constant fill', async (backend) => {
      const y = guarded(backend, [3, 5], { gap: 1 })
      backend.formula(formula({}, () => ({ y: constant(-0) })), { y: y.view })(0)
      expect(await y.read()).toEqual(Array.from({ length: 15 }, () => -0))
      expect(await y.trespasses()).toBe(0)
    })

    check('see what was written since the last run', async (backend) => {
      const [x, learningRate, y] = [backend.zeros([1, 3]), backend.zeros([]), backend.zeros([1, 3])]
      const run = backend.formula(
        formula({ element: ['x'], scalar: ['learningRate'] }, (o) => ({ y: o.x.mul(o.learningRate) })),
        { x, learningRate, y },
      )
      for (const factor of [2, -3]) {
        backend.write(x, [1, 2, factor])
        backend.write(learningRate, [factor])
        run(0)
        expect(await numbersOf(backend, y)).toEqual([factor, 2 * factor, factor * factor])
      }
    })

    check('run twice, and bound twice, give the same bits', async (backend) => {
      const random = new Random(3)
      const grid = (): Tensor => backend.zeros([33, 31])
      const [x, first, second] = [grid(), grid(), grid()]
      const [sumOne, sumTwo] = [backend.zeros([]), backend.zeros([])]
      backend.write(x, Float64Array.from({ length: 33 * 31 }, () => random.normal()))
      const program = formula({ element: ['x'] }, (o) => ({ y: o.x.mul(o.x), sum: sumOverAll(o.x) }))
      const bits = async (y: Tensor, sum: Tensor): Promise<Floats[]> =>
        [await backend.readAsync(y), await backend.readAsync(sum)]
      const run = backend.formula(program, { x, y: first, sum: sumOne })
      run(0)
      const once = await bits(first, sumOne)
      run(0)
      backend.formula(program, { x, y: second, sum: sumTwo })(0)
      expect(await bits(first, sumOne)).toEqual(once)
      expect(await bits(second, sumTwo)).toEqual(once)
    })
  })
