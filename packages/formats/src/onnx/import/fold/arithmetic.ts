import { passShape, unsupported } from '../faults.ts'
import { constantAt, type Operator, type OperatorCall, type Operators } from '../operator.ts'
import { sizeOf, stridesOf } from '@recurra/tensor'
import { productOf, sizeOfTwo } from '../sizes.ts'
import type { Dim } from '../values.ts'
import { constant, forEachPosition, placeAt, roomFor } from './elements.ts'

/** A function of one element of each operand, of which the smaller ones are repeated. */
const elementWise = (f: (a: Dim, b: Dim, c: Dim) => Dim): Operator => (call) => {
  const all = call.inputs.map((_, i) => constantAt(call, i))
  const rank = Math.max(...all.map(({ shape }) => shape.length))
  const padded = all.map(({ shape }) => [...Array.from({ length: rank - shape.length }, () => 1), ...shape])
  const shape = Array.from({ length: rank }, (_, axis) =>
    padded.reduce((size, one) => (size === 1 ? one[axis]! : size), 1))
  if (padded.some((one) => one.some((size, axis) => size !== 1 && size !== shape[axis])))
    throw unsupported(call.where, 'shapes that fit', all.map((one) => `[${one.shape}]`).join(' and '))
  const steps = padded.map((one) => stridesOf(one).map((step, axis) => (one[axis] === 1 ? 0 : step)))
  const place = (position: readonly number[], i: number): Dim => {
    const own = all[i]
    return own ? own.values[placeAt(position, steps[i]!)]! : 0
  }
  const result = roomFor(call, sizeOf(shape), all)
  forEachPosition(shape, (position, i) => {
    result[i] = f(place(position, 0), place(position, 1), place(position, 2)) as never
  })
  return constant(shape, result)
}

/** Arithmetic with sizes, too; with `neutral` as its second operand, the first one is the result. */
const numeric = (name: string, f: (a: number, b: number) => number, neutral?: number): Operator =>
  elementWise((a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return f(a, b)
    return b === neutral || (a === b && f(2, 2) === 2) ? a : sizeOfTwo(name, a, b)
  })

/** The name of a size or of a product, not of a difference, say, which may be below 0. */
const isSize = (value: Dim): boolean => typeof value === 'string' && !/[-(…]/.test(value)

/** Two sizes are comparable if both are numbers, or the same name; and no size is below 0. */
const equal: Operator = (call) => elementWise((a, b) => {
  if (typeof a === typeof b && (typeof a === 'number' || a === b)) return a === b ? 1 : 0
  if ((isSize(a) && Number(b) < 0) || (isSize(b) && Number(a) < 0)) return 0
  const name = typeof a === 'string' ? a : b
  throw unsupported(call.where, 'sizes that are known, to compare them', `one that is not, ${name}`, passShape)
})(call)

const isFloat = (call: OperatorCall): boolean => constantAt(call, 0).values instanceof Float32Array

/** Arithmetic of constants. */
export const arithmetic: Operators = {
  Equal: equal,
  Add: numeric('+', (a, b) => a + b, 0), Sub: numeric('-', (a, b) => a - b, 0), Mul: elementWise(productOf),
  Div: (call) => numeric('/', (a, b) => (isFloat(call) ? a / b : Math.trunc(a / b)), 1)(call),
  Pow: numeric('to the power of', (a, b) => a ** b, 1),
  Max: numeric('max', Math.max), Min: numeric('min', Math.min),
  Less: numeric('<', (a, b) => Number(a < b)), Greater: numeric('>', (a, b) => Number(a > b)),
  And: numeric('and', (a, b) => Number(a !== 0 && b !== 0)),
  Or: numeric('or', (a, b) => Number(a !== 0 || b !== 0)),
  Not: numeric('not', (a) => Number(a === 0)), Neg: numeric('negated', (a) => -a),
  Sqrt: numeric('root', (a) => Math.sqrt(a)), Log: numeric('log', (a) => Math.log(a)),
  Exp: numeric('exp', (a) => Math.exp(a)), Abs: numeric('abs', (a) => Math.abs(a)),
  Floor: numeric('floor', (a) => Math.floor(a)), Ceil: numeric('ceil', (a) => Math.ceil(a)),
  Reciprocal: numeric('inverse', (a) => 1 / a),
  Where: elementWise((a, b, c) => (a === 0 ? c : b)),
}
