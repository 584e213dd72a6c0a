import type { Backend } from '@recurra/backend'
import {
  accumulate, column, constant, equal, formula, input, maxOverColumns, outputsOf, programOf, sumOverAll, sumOverColumns, sumOverRows, type Kind, type Program,
} from '@recurra/formula'
import { Random, type Floats, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { define, extentOf } from './define.ts'
import { guarded, type Guarded } from './guarded.ts'
import { programs } from './programs.ts'
import { epsilon } from './ulps.ts'

const steps = 3

/** Where one operand lies: with time as a further axis, and with gaps. */
interface Lay {
  readonly stepped: boolean
  readonly gap: number
}

const shapeOf: Readonly<Record<Kind, (rows: number, columns: number) => number[]>> = {
  each: (rows, columns) => [rows, columns],
  unit: (_, columns) => [columns],
  row: (rows) => [rows, 1],
  scalar: () => [1],
}

/** A row operand or a scalar loses the axis of size 1 that gave it room for gaps. */
const placed = (backend: Backend, kind: Kind, rows: number, columns: number, { stepped, gap }: Lay): Guarded => {
  const made = guarded(backend, [...(stepped ? [steps] : []), ...shapeOf[kind](rows, columns)], { gap })
  if (kind === 'each' || kind === 'unit') return made
  const { data, shape, stride, offset } = made.view
  return { ...made, view: { data, shape: shape.slice(0, -1), stride: stride.slice(0, -1), offset } }
}

/** Faults of a program at one step: wrong values, and writing where it should not. */
const faults = (backend: Backend, program: Program, size: readonly [rows: number, columns: number], lays: readonly Lay[], step: number, seed: number): string[] => {
  const random = new Random(seed)
  const kinds = new Map([...program.inputs, ...program.outputs].map(({ name, kind }) => [name, kind]))
  const spans = (...of: Kind[]): boolean => [...kinds.values()].some((kind) => of.includes(kind))
  // Without an operand that spans an axis the grid has only one row or column.
  const [rows, columns] = [spans('each', 'row') ? size[0] : 1, spans('each', 'unit') ? size[1] : 1]
  const tensors: Record<string, Guarded> = {}
  const before: Record<string, number[]> = {}
  const whole: Record<string, number[]> = {}
  for (const [i, [name, kind]] of [...kinds].entries()) {
    const lay = lays[i % lays.length]!
    const made = (tensors[name] = placed(backend, kind, rows, columns, lay))
    // Few different numbers, so that `equal` and `max` meet equal ones.
    backend.write(made.view, made.read().map(() => Math.round(random.uniform(-2, 2) * 16) / 16))
    const size = extentOf[kind](rows, columns)
    whole[name] = made.read()
    before[name] = whole[name].slice(lay.stepped ? step * size : 0).slice(0, size)
  }
  const expected = define(program, { rows, columns }, before)
  backend.formula(program, Object.fromEntries(Object.entries(tensors).map(([name, { view }]) => [name, view])))(step)
  const found: string[] = []
  for (const [i, [name, kind]] of [...kinds].entries()) {
    const size = extentOf[kind](rows, columns)
    const from = lays[i % lays.length]!.stepped ? step * size : 0
    if (tensors[name]!.trespasses() !== 0) found.push(`${name} was written outside its view`)
    tensors[name]!.read().forEach((got, at) => {
      const place = at - from
      const { values, weights } = expected[name] ?? { values: [], weights: [] }
      const written = name in expected && place >= 0 && place < size
      const want = written ? values[place]! : whole[name]![at]!
      // One rounding per sum, and some dozens within a term of size 1.
      const limit = written ? epsilon[backend.dtype] * (rows * columns + 64) * Math.max(1, weights[place]!) : 0
      if (!(Math.abs(got - want) <= limit)) found.push(`${name}[${at}] = ${got}, not ${want} (${kind}, grid [${rows}, ${columns}])`)
    })
  }
  return found
}

const size = fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 7, 8), fc.integer({ min: 1, max: 19 }))
const lay = fc.record({ stepped: fc.boolean(), gap: fc.constantFrom(0, 0, 1, 3) })
const sheet = (values: readonly (readonly number[])[]): { shape: [number, number]; flat: number[] } => ({ shape: [values.length, values[0]!.length], flat: values.flat() })

const plain = { stepped: false, gap: 0 }
const every = formula({ each: ['x'], unit: ['u'], row: ['r'], scalar: ['s'] }, ({ x, u, r, s }) => {
  const value = x.mul(u).add(r.mul(s))
  return {
    y: value, more: accumulate(value),
    rowSum: sumOverColumns(value), rowMax: maxOverColumns(value), unitSum: sumOverRows(value), total: sumOverAll(value),
    moreRowSum: accumulate(sumOverColumns(value)), moreRowMax: accumulate(maxOverColumns(value)),
    moreUnitSum: accumulate(sumOverRows(value)), moreTotal: accumulate(sumOverAll(value)),
  }
})

/** Formulas give what their definition says, on grids of any shape, and write nothing else. */
export const describeFormulas = (make: () => Backend): void =>
  void describe('formulas', () => {
    it('of every kind and fold equal their definition, and write nothing else', () => {
      const backend = make()
      fc.assert(fc.property(programs, size, size, fc.array(lay, { minLength: 1, maxLength: 9 }), fc.nat(2), fc.nat(1000), (program, rows, columns, lays, step, seed) => {
        expect(faults(backend, program, [rows, columns], lays, step, seed)).toEqual([])
      }), { numRuns: 200, seed: 1 })
    })

    for (const [rows, columns] of [[1, 1], [1, 2], [2, 1], [3, 3], [5, 31], [31, 5], [7, 33], [1, 257], [257, 1], [2, 257]] as const)
      it(`on a grid of ${rows} x ${columns}, whole, in gaps, and per step`, () => {
        const backend = make()
        for (const lays of [[plain], [{ stepped: false, gap: 3 }], [{ stepped: true, gap: 0 }], [plain, { stepped: true, gap: 1 }]])
          expect(faults(backend, every, [rows, columns], lays, 1, rows + columns)).toEqual([])
      })

    it('keep NaN where it is', () => {
      const backend = make()
      const { shape, flat } = sheet([[1, Number.NaN, 3, 4, 5], [1, 2, 3, 4, 5], [-1, -2, -3, -4, -5]])
      const tensors = { x: backend.zeros(shape), y: backend.zeros(shape), sum: backend.zeros([3]), top: backend.zeros([3]), down: backend.zeros([5]) }
      backend.write(tensors.x, flat)
      backend.formula(formula({ each: ['x'] }, ({ x }) => ({ y: x.mul(0), sum: sumOverColumns(x), top: maxOverColumns(x), down: sumOverRows(x) })), tensors)(0)
      expect([...backend.read(tensors.y)].map(Number.isNaN)).toEqual(flat.map(Number.isNaN))
      expect([...backend.read(tensors.sum)]).toEqual([Number.NaN, 15, -15])
      expect([...backend.read(tensors.top)]).toEqual([Number.NaN, 5, -1])
      expect([...backend.read(tensors.down)]).toEqual([1, Number.NaN, 3, 4, 5])
    })

    it('fold infinities', () => {
      const backend = make()
      const { shape, flat } = sheet([[-Infinity, -Infinity, -Infinity], [1, Infinity, 3], [Infinity, -Infinity, 0]])
      const tensors = { x: backend.zeros(shape), sum: backend.zeros([3]), top: backend.zeros([3]) }
      backend.write(tensors.x, flat)
      backend.formula(formula({ each: ['x'] }, ({ x }) => ({ sum: sumOverColumns(x), top: maxOverColumns(x) })), tensors)(0)
      expect([...backend.read(tensors.sum)]).toEqual([-Infinity, Infinity, Number.NaN])
      expect([...backend.read(tensors.top)]).toEqual([-Infinity, Infinity, Infinity])
    })

    it('compute everything before anything is written', () => {
      const backend = make()
      const [a, b] = [backend.zeros([2, 7]), backend.zeros([2, 7])]
      const numbers = Array.from({ length: 14 }, (_, i) => i + 1)
      backend.write(a, numbers)
      backend.write(b, numbers.map((n) => -n))
      backend.formula(programOf(outputsOf({ a: input('b').mul(2), b: input('a').add(input('b')) })), { a, b })(0)
      expect([...backend.read(a)]).toEqual(numbers.map((n) => -2 * n))
      expect([...backend.read(b)]).toEqual(numbers.map(() => 0))
    })

    it('read whole numbers: a one-hot row', () => {
      const backend = make()
      const [token, y] = [backend.indices([2, 3]), backend.zeros([3, 6])]
      backend.write(token, [0, 0, 0, 5, 0, 3])
      backend.formula(formula({ row: ['token'] }, ({ token: t }) => ({ y: equal(column, t) })), { token, y })(1)
      expect([...backend.read(y)]).toEqual([5, 0, 3].flatMap((hot) => [0, 1, 2, 3, 4, 5].map((c) => (c === hot ? 1 : 0))))
    })

    it('count columns anew in every row, also where rows follow each other without a gap', () => {
      const backend = make()
      const y = backend.zeros([3, 5])
      backend.formula(formula({}, () => ({ y: column })), { y })(0)
      expect([...backend.read(y)]).toEqual([0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
    })

    it('of a constant fill', () => {
      const backend = make()
      const y = guarded(backend, [3, 5], { gap: 1 })
      backend.formula(formula({}, () => ({ y: constant(-0) })), { y: y.view })(0)
      expect(y.read()).toEqual(Array.from({ length: 15 }, () => -0))
      expect(y.trespasses()).toBe(0)
    })

    it('see what was written since the last run', () => {
      const backend = make()
      const [x, rate, y] = [backend.zeros([1, 3]), backend.zeros([]), backend.zeros([1, 3])]
      const run = backend.formula(formula({ each: ['x'], scalar: ['rate'] }, (o) => ({ y: o.x.mul(o.rate) })), { x, rate, y })
      for (const factor of [2, -3]) {
        backend.write(x, [1, 2, factor])
        backend.write(rate, [factor])
        run(0)
        expect([...backend.read(y)]).toEqual([factor, 2 * factor, factor * factor])
      }
    })

    it('run twice, and bound twice, give the same bits', () => {
      const backend = make()
      const random = new Random(3)
      const grid = (): Tensor => backend.zeros([33, 31])
      const [x, first, second] = [grid(), grid(), grid()]
      const [sumOne, sumTwo] = [backend.zeros([]), backend.zeros([])]
      backend.write(x, Float64Array.from({ length: 33 * 31 }, () => random.normal()))
      const program = formula({ each: ['x'] }, (o) => ({ y: o.x.mul(o.x), sum: sumOverAll(o.x) }))
      const bits = (y: Tensor, sum: Tensor): Floats[] => [backend.read(y), backend.read(sum)]
      const run = backend.formula(program, { x, y: first, sum: sumOne })
      run(0)
      const once = bits(first, sumOne)
      run(0)
      backend.formula(program, { x, y: second, sum: sumTwo })(0)
      expect(bits(first, sumOne)).toEqual(once)
      expect(bits(second, sumTwo)).toEqual(once)
    })
  })
