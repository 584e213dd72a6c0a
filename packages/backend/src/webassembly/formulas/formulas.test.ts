import { abs, accumulate, column, constant, equal, input, max, maxOverColumns, programOf, select, sumOverAll, sumOverColumns, sumOverRows, type Expression, type Kind, type Program, type Target } from '@recurra/formula'
import type { Floats, Tensor } from '@recurra/tensor'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridOf } from '../../grid.ts'
import { javascript } from '../../javascript/javascript.ts'
import { features } from '../engine.ts'
import { Heap } from '../heap.ts'
import { formulasOn } from './formulas.ts'

const heap = new Heap({ bytes: 2 ** 24 })
const formula = formulasOn(heap, features)
const reference = javascript({ dtype: 'float64' })

/** Whole numbers stay exact through all operations here, so that results must be equal, whatever the order of sums. */
const whole = fc.integer({ min: -3, max: 3 })
const kinds: readonly Kind[] = ['each', 'unit', 'row', 'scalar']

const leaves: readonly Expression[] = [
  ...kinds.flatMap((kind) => [input(`${kind}.0`, kind), input(`${kind}.1`, kind)]),
  input('token', 'row'), column, constant(2), constant(-1), constant(0),
]
const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const part = tie('expression')
  return {
    expression: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      fc.constantFrom(...leaves),
      fc.tuple(part, part).map(([a, b]) => a.add(b)),
      fc.tuple(part, part).map(([a, b]) => a.sub(b)),
      fc.tuple(part, fc.constantFrom(...leaves)).map(([a, b]) => a.mul(b)),
      fc.tuple(part, part).map(([a, b]) => max(a, b)),
      fc.tuple(part, part).map(([a, b]) => equal(a, b)),
      fc.tuple(part, part, part).map(([a, b, c]) => select(a, b, c)),
      part.map((a) => a.neg()),
      part.map((a) => abs(a)),
    ),
  }
})

const bare = (value: Expression): Target => ({ value, kind: 'each', fold: 'none', accumulate: false })
const maxOver = (kind: Kind) => (value: Expression): Target => ({ value, kind, fold: 'max', accumulate: false })
const target = fc
  .tuple(expression, fc.constantFrom(bare, sumOverColumns, maxOverColumns, sumOverRows, sumOverAll, maxOver('unit'), maxOver('scalar')), fc.boolean())
  .map(([value, as, adds]) => (adds ? accumulate(as(value)) : as(value)))

/** An output is a tensor of its own, or one that is read: then it is updated in place. */
const outputs = fc.array(fc.tuple(target, fc.boolean()), { minLength: 1, maxLength: 3 }).map((targets) =>
  targets.map(([to, inPlace], i) => ({ ...to, name: inPlace && to.kind === 'each' && i < 2 ? `each.${i}` : `out.${i}` })))

const sizes = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 16, 17, 31, 33, 64, 65)

interface Case {
  readonly program: Program
  readonly rows: number
  readonly columns: number
  readonly gap: number // columns between one row and the next
  readonly steps: number // 0 for operands without time
  readonly seed: readonly number[]
}

/** The operands of a case, a few of them side by side in one block, filled from the seed. */
const operandsOf = ({ program, rows, columns, gap, steps, seed }: Case, floats: (count: number) => Floats, indices: (count: number) => Int32Array): { readonly [name: string]: Tensor<Floats | Int32Array> } => {
  let next = 0
  const filled = <A extends Floats | Int32Array>(data: A): A => data.fill(0).map(() => seed[next++ % seed.length]!) as A
  const into = <A extends Floats | Int32Array>(data: A): A => {
    data.set(filled(data.slice()))
    return data
  }
  const time = steps > 0 ? [steps] : []
  const count = Math.max(1, steps)
  const width = 3 * (columns + gap)
  const block = into(floats(count * rows * width))
  const result: { [name: string]: Tensor<Floats | Int32Array> } = {}
  for (const { name, kind } of [...program.inputs, ...program.outputs]) {
    if (result[name]) continue
    const place = ['each.0', 'each.1', 'out.0'].indexOf(name)
    if (kind === 'each' && place >= 0)
      result[name] = { data: block, shape: [...time, rows, columns], stride: steps > 0 ? [rows * width, width, 1] : [width, 1], offset: place * (columns + gap) }
    else {
      const shape = { each: [...time, rows, columns], unit: [columns], row: [...time, rows], scalar: [] }[kind]
      const size = shape.reduce((a, b) => a * b, 1)
      const data = name === 'token' ? into(indices(size)) : into(floats(size + 1))
      const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
      result[name] = { data, shape, stride, offset: name === 'token' ? 0 : 1 }
    }
  }
  return result
}

describe('formulas', () => {
  it('equal the reference on any program, over any grid', () => {
    const cases = fc.record({
      program: outputs.map((list) => programOf(list)),
      rows: sizes, columns: sizes, gap: fc.constantFrom(0, 1), steps: fc.constantFrom(0, 3),
      seed: fc.array(whole, { minLength: 40, maxLength: 97 }),
    })
    fc.assert(
      fc.property(cases, (one) => {
        const mine = operandsOf(one, (n) => heap.floats(n), (n) => heap.indices(n))
        const theirs = operandsOf(one, (n) => new Float64Array(n), (n) => new Int32Array(n))
        const [kernel, wanted] = [formula(one.program, gridOf(one.program, mine)), reference.formula(one.program, theirs)]
        for (const step of [0, 2, 1].slice(0, Math.max(1, one.steps))) {
          kernel(step)
          wanted(step)
        }
        for (const name of Object.keys(mine)) expect(Array.from(mine[name]!.data, (x) => x + 0), name).toEqual(Array.from(theirs[name]!.data, (x) => x + 0))
      }),
      { numRuns: 400 },
    )
  })
})
