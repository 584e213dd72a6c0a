import {
  abs, accumulate, column, constant, equal, formula, input, max, maxOverColumns, outputsOf, programOf, select,
  sumOverAll, sumOverColumns, sumOverRows, tanh, type Expression, type OperandKind, type Program, type Target,
} from '@recurra/formula'
import { sizeOf, stridesOf, tensorOver, type Floats, type Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridOf } from '../../grid.ts'
import { javascript } from '../../javascript/javascript.ts'
import { features } from '../engine.ts'
import { Heap } from '../heap.ts'
import type { ThreadPool } from '../threads/pool.ts'
import { formulasOn } from './formulas.ts'

type Operands = { readonly [name: string]: Tensor<Floats | Int32Array> }

const heap = new Heap({ bytes: 2 ** 26 })
/** Runs tasks in parts of so many units, the last first; whole where that is 0. */
const inParts = (units: number): Pick<ThreadPool, 'share' | 'bind'> => ({
  share: (_, name, run) => ({ id: name.length, run }),
  bind: ({ function: { run }, address, units: all, scale = 1, limit = all * scale }) => (step) => {
    const ends =
      units === 0
        ? [limit]
        : Array.from({ length: Math.ceil(all / units) }, (_, i) => Math.min((i + 1) * units * scale, limit))
    for (const [i, to] of [...ends.entries()].reverse()) run(address, step, ends[i - 1] ?? 0, to, 0)
  },
})
const bind = formulasOn(heap, features, inParts(0))
const zeros = (shape: readonly number[]): Tensor<Float32Array> => tensorOver(heap.floats(sizeOf(shape)), shape)
const filled = (shape: readonly number[], value: (i: number) => number): Tensor<Float32Array> => {
  const x = zeros(shape)
  x.data.forEach((_, i) => (x.data[i] = value(i)))
  return x
}

const inputs = (['element', 'column', 'row', 'scalar'] as const).flatMap((kind) => [
  input(`${kind}.0`, kind),
  input(`${kind}.1`, kind),
])
const leaf = fc.constantFrom(...inputs, input('token', 'row'), column, constant(2), constant(-1), constant(0))
/** Expressions that stay exact on small integers: results must be equal, whatever the order of sums. */
const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const part = tie('expression')
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      fc.tuple(part, part).map(([a, b]) => a.add(b)),
      fc.tuple(part, part).map(([a, b]) => a.sub(b)),
      fc.tuple(part, leaf).map(([a, b]) => a.mul(b)),
      fc.tuple(part, part).map(([a, b]) => max(a, b)),
      fc.tuple(part, part).map(([a, b]) => equal(a, b)),
      fc.tuple(part, part, part).map(([a, b, c]) => select(a, b, c)),
      part.map((a) => a.neg()),
      part.map((a) => abs(a)),
    ),
  }
})
const maxOver = (kind: OperandKind) => (value: Expression): Target => ({
  value, kind, reduce: 'max', accumulate: false,
})
const reductions = [sumOverColumns, maxOverColumns, sumOverRows, sumOverAll, maxOver('column'), maxOver('scalar')]
const target = fc
  .tuple(expression, fc.constantFrom((value: Expression) => value, ...reductions), fc.boolean())
  .map(([value, lay, more]) => (more ? accumulate(lay(value)) : lay(value)))
/** Up to three outputs, the first two in place where they are as wide as the grid. */
const programs = fc.array(target, { minLength: 1, maxLength: 3 }).map((targets) =>
  programOf(outputsOf(Object.fromEntries(targets.map((to, i) => {
    const wide = !('kind' in to) || !('reduce' in to) || to.kind === 'element'
    return [wide && i < 2 ? `each.${i}` : `out.${i}`, to]
  })))))

interface Case {
  readonly program: Program
  readonly rows: number
  readonly columns: number
  readonly gap: number // columns between one row and the next
  readonly steps: number // 0 for operands without time
  readonly numbers: readonly number[]
}

/** The operands of a case; three of them lie side by side in one block, as gates do. */
const operandsOf = (
  { program, rows, columns, gap, steps, numbers }: Case,
  floats: (count: number) => Floats,
  indices: (count: number) => Int32Array,
): Operands => {
  const time = steps > 0 ? [steps] : []
  const shapes = { element: [...time, rows, columns], column: [columns], row: [...time, rows], scalar: [] }
  const take = <A extends Floats | Int32Array>(data: A): A => {
    data.forEach((_, i) => (data[i] = numbers[i % numbers.length]!))
    return data
  }
  const width = columns + gap
  const block = take(floats(Math.max(1, steps) * rows * 3 * width))
  const side = ['each.0', 'each.1', 'out.0']
  return Object.fromEntries(
    [...program.inputs, ...program.outputs].map(({ name, kind }) => {
      const shape = shapes[kind]
      if (name === 'token') return [name, tensorOver(take(indices(sizeOf(shape))), shape)]
      if (kind !== 'element' || !side.includes(name))
        return [name, tensorOver(take(floats(sizeOf(shape) + 1)), shape, 1)]
      const stride = stridesOf([...time, rows, 3 * width])
      return [name, { data: block, shape, stride, offset: side.indexOf(name) * width }]
    }),
  )
}

const sizes = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 12, 16, 17, 31, 33, 64, 65)
const cases: fc.Arbitrary<Case> = fc.record({
  program: programs, rows: sizes, columns: sizes, gap: fc.constantFrom(0, 1), steps: fc.constantFrom(0, 3),
  numbers: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 41, maxLength: 97 }),
})
const plain = (x: ArrayLike<number>): number[] => Array.from(x, (value) => value + 0) // integers have no -0

describe('formulas', () => {
  it('equal the reference exactly on integers', () => {
    const reference = javascript({ dtype: 'float64' })
    fc.assert(
      fc.property(cases, (one) => {
        const mine = operandsOf(one, (n) => heap.floats(n), (n) => heap.indices(n))
        const theirs = operandsOf(one, (n) => new Float64Array(n), (n) => new Int32Array(n))
        const [run, define] = [bind(one.program, gridOf(one.program, mine)), reference.formula(one.program, theirs)]
        for (const step of one.steps > 0 ? [0, 2, 1] : [0]) {
          run(step)
          define(step)
        }
        for (const name of Object.keys(mine)) expect(plain(mine[name]!.data), name).toEqual(plain(theirs[name]!.data))
      }),
      { numRuns: 200 },
    )
  })

  it('give the same bits in parts as whole', () => {
    const [rows, columns] = [37, 83]
    const programs = [
      formula({ element: ['x'], column: ['u'], row: ['r'] }, ({ x, u, r }) => ({ y: tanh(x.mul(u)).add(r) })),
      formula({ element: ['x'], column: ['u'], row: ['r'] }, ({ x, u, r }) => ({
        sum: sumOverColumns(x.mul(u).mul(r)),
        y: x,
      })),
      formula({ element: ['x'], row: ['r'] }, ({ x, r }) => ({ down: accumulate(sumOverRows(x.mul(r))), y: r.mul(x) })),
      formula({ element: ['x'] }, ({ x }) => ({
        down: sumOverRows(x), along: sumOverColumns(x), total: sumOverAll(x),
      })),
      formula({ element: ['x'] }, ({ x }) => ({ x: x.mul(1.5) })),
    ]
    for (const program of programs) {
      const shapes = { element: [rows, columns], column: [columns], row: [rows], scalar: [] }
      const operands = Object.fromEntries(
        [...program.inputs, ...program.outputs].map(({ name, kind }) => [
          name,
          filled(shapes[kind], (i) => Math.sin(i) + 0.3),
        ]),
      )
      const outputs = program.outputs.map(({ name }) => operands[name]!)
      const start = outputs.map(({ data }) => data.slice())
      const after = (work: () => void): Float32Array[] => {
        outputs.forEach(({ data }, i) => data.set(start[i]!))
        work()
        return outputs.map(({ data }) => data.slice())
      }
      const run = (units: number): Float32Array[] =>
        after(() => formulasOn(heap, features, inParts(units))(program, gridOf(program, operands))(0))
      for (const units of [1, 2, 7]) expect(run(units)).toEqual(run(0))
    }
  })
})
