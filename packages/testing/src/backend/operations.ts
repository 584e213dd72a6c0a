import type { Backend } from '@recurra/backend'
import {
  abs, equal, exp, input, log, log1p, max, operations, outputsOf, programOf, select, sigmoid, sqrt, tanh,
  type Expression, type Op, type Program,
} from '@recurra/formula'
import { Random, type DType } from '@recurra/tensor'
import { describe, expect } from 'vitest'
import { checks, numbersOf, type MakeBackend } from './checks.ts'
import { rounded, smallestNormal, ulpsBetween } from './ulps.ts'

/** The maximum error by operation, in units in the last place; others must be correctly rounded. */
export type Ulps = { readonly [op in Op]?: number }

const [a, b, c] = [input('a'), input('b'), input('c')]
const unary: { readonly [op in Op]?: Expression } = {
  neg: a.neg(),
  abs: abs(a),
  sqrt: sqrt(a),
  sigmoid: sigmoid(a),
  tanh: tanh(a),
  exp: exp(a),
  log: log(a),
  log1p: log1p(a),
}
const binary: { readonly [op in Op]?: Expression } = {
  add: a.add(b), sub: a.sub(b), mul: a.mul(b), div: a.div(b), max: max(a, b), equal: equal(a, b),
}

/** Both signs of: zero, denormals, the edges of the range, where functions saturate, and plain numbers. */
const special: Readonly<Record<DType, readonly number[]>> = {
  float32: [
    0, 2 ** -149, 1e-40, 2 ** -126, 1e-30, 2 ** -24, 1e-4, 0.1, 0.5, 1, 1.5, Math.PI, 9, 17, 88, 88.72283, 88.72284,
    104, 1e4, 1e10, 3.4028234e38, Infinity,
  ],
  float64: [
    0, 2 ** -1074, 1e-310, 2 ** -1022, 1e-300, 2 ** -53, 1e-4, 0.1, 0.5, 1, 1.5, Math.PI, 19, 37, 709,
    709.78271289338397, 709.782712893384, 746, 1e4, 1e300, Number.MAX_VALUE, Infinity,
  ],
}
const specialValues = (dtype: DType): number[] =>
  [...special[dtype].flatMap((x) => [x, -x]), Number.NaN].map((x) => rounded(x, dtype))

/** Numbers of all magnitudes at which a function varies, and evenly spaced ones. */
const sweep = (dtype: DType): number[] => {
  const random = new Random(11)
  const reach = dtype === 'float32' ? 110 : 750
  const even = Array.from({ length: 6000 }, () => random.uniform(-reach, reach))
  const scaled = Array.from(
    { length: 6000 },
    () => (random.uniform() < 0.5 ? -1 : 1) * 2 ** random.uniform(dtype === 'float32' ? -126 : -1022, 10),
  )
  return [...even, ...scaled].map((x) => rounded(x, dtype))
}

const run = (
  backend: Backend,
  value: Expression,
  operands: Readonly<Record<string, readonly number[]>>,
  shape: readonly number[],
): Promise<number[]> => {
  const program: Program = programOf(outputsOf({ y: value }))
  const tensors = Object.fromEntries(
    ['y', ...program.inputs.map(({ name }) => name)].map((name) => [name, backend.zeros(shape)]),
  )
  for (const { name } of program.inputs) backend.write(tensors[name]!, operands[name]!)
  backend.formula(program, tensors)(0)
  return numbersOf(backend, tensors['y']!)
}

/** How much an operation may differ from its definition. */
interface Allowance {
  /** The maximum error, in units in the last place. */
  readonly ulps: number
  /** Whether a denormal operand or result may be 0 instead. */
  readonly flushed: boolean
}

/** All results whose error exceeds what is allowed, as sentences. */
const faults = async (
  backend: Backend,
  op: Op,
  value: Expression,
  operands: Readonly<Record<string, readonly number[]>>,
  { ulps, flushed }: Allowance,
): Promise<string[]> => {
  const { dtype } = backend
  const columns = [operands['a']!, operands['b'] ?? operands['a']!, operands['c'] ?? operands['a']!] as const
  const results = await run(backend, value, operands, [1, columns[0].length])
  return results.flatMap((got, i) => {
    const args = columns.map((column) => column[i]!) as [number, number, number]
    const isDenormal = (x: number): boolean => x !== 0 && Math.abs(x) < smallestNormal[dtype]
    const want = rounded(operations[op].evaluate(...args), dtype)
    const distance = ulpsBetween(got, want, dtype)
    if (distance <= ulps) return []
    // A function, unlike arithmetic, may treat a denormal as 0.
    const isTiny = Math.abs(want) < smallestNormal[dtype] && Math.abs(got) <= smallestNormal[dtype]
    if (isTiny && (ulps > 0 || flushed)) return []
    if (flushed && args.some(isDenormal)) {
      const [x, y, z] = args.map((arg) => (!isDenormal(arg) ? arg : arg < 0 ? -0 : 0)) as typeof args
      const other = rounded(operations[op].evaluate(x, y, z), dtype)
      if (ulpsBetween(got, other, dtype) <= ulps || (other === 0 && got === 0)) return []
    }
    return [`${op}(${args.slice(0, value.args.length).join(', ')}) = ${got}, not ${want} (${distance} ulp)`]
  })
}

/** Every operation of the formula language matches its definition, at special values and on a sweep. */
export const describeOperations = (make: MakeBackend, ulps: Ulps, flushed: boolean): void =>
  void describe('operations', () => {
    const check = checks(make)
    const allowed = (op: Op): Allowance => ({ ulps: ulps[op] ?? 0, flushed })

    for (const [op, value] of Object.entries(unary) as [Op, Expression][]) {
      check(`${op} at special values`, async (backend) => {
        expect(await faults(backend, op, value, { a: specialValues(backend.dtype) }, allowed(op))).toEqual([])
      })
      check(`${op} within ${allowed(op).ulps} ulp`, async (backend) => {
        expect(await faults(backend, op, value, { a: sweep(backend.dtype) }, allowed(op))).toEqual([])
      })
    }

    for (const [op, value] of Object.entries(binary) as [Op, Expression][])
      check(`${op} of special values`, async (backend) => {
        const values = specialValues(backend.dtype)
        const pairs = values.flatMap((x) => values.map((y) => [x, y] as const))
        expect(await faults(backend, op, value, { a: pairs.map(([x]) => x), b: pairs.map(([, y]) => y) }, allowed(op)))
          .toEqual([])
      })

    check('select of special values: what is not chosen does not matter', async (backend) => {
      const tests = specialValues(backend.dtype)
      const choices = [0, -0, 1, Number.NaN, Infinity, -Infinity]
      const triples = tests.flatMap((test) => choices.flatMap((yes) => choices.map((no) => [test, yes, no] as const)))
      const operands = { a: triples.map(([x]) => x), b: triples.map(([, x]) => x), c: triples.map(([, , x]) => x) }
      expect(await faults(backend, 'select', select(a, b, c), operands, allowed('select'))).toEqual([])
    })

    check('a constant of any value', async (backend) => {
      for (const value of specialValues(backend.dtype)) {
        const [got] = await run(backend, max(a, value), { a: [-Infinity] }, [1, 1])
        if (flushed && got === 0 && Math.abs(value) < smallestNormal[backend.dtype]) continue
        expect(ulpsBetween(got!, value, backend.dtype), `${value} became ${got}`).toBe(0)
      }
    })

    check('a result does not depend on its place among others', async (backend) => {
      const values = [...specialValues(backend.dtype), ...sweep(backend.dtype).slice(0, 500)]
      for (const [op, value] of Object.entries(unary)) {
        const [wide, tall, odd] = await Promise.all(
          [[1, values.length], [values.length, 1], [1, values.length - 3]].map((shape) =>
            run(backend, value, { a: shape[1] === values.length - 3 ? values.slice(3) : values }, shape)))
        expect(tall, op).toEqual(wide)
        expect(odd, op).toEqual(wide!.slice(3))
      }
    })
  })
