/**
 * Arithmetic on whole arrays, for preparing data and inspecting results. A separate entry, because importing
 * `ndarray-ops` needs a page that allows `new Function`.
 *
 * @module @recurra/tensor/arithmetic
 */
import type { NdArray } from 'ndarray'
import ops from 'ndarray-ops'
import { expectShape } from './elements.ts'
import { zeros } from './ndarrays.ts'
import type { Floats } from './tensor.ts'

type Array = NdArray<Floats>
type Binary = (out: Array, a: Array, b: Array) => unknown
type Unary = (out: Array, a: Array) => unknown

const binary = (apply: Binary, name: string) => (a: Array, b: Array): Array => {
  expectShape(b, a.shape, name)
  const out = zeros(a.shape, { dtype: a.data instanceof Float64Array ? 'float64' : 'float32' })
  apply(out, a, b)
  return out
}

const unary = (apply: Unary) => (a: Array): Array => {
  const out = zeros(a.shape, { dtype: a.data instanceof Float64Array ? 'float64' : 'float32' })
  apply(out, a)
  return out
}

/**
 * a + b, element by element; the result is new.
 * @function
 * @throws `ShapeError` if their shapes differ.
 */
export const add: (a: Array, b: Array) => Array = binary(ops.add, 'add')
/**
 * a - b, element by element; the result is new.
 * @function
 * @throws `ShapeError` if their shapes differ.
 */
export const subtract: (a: Array, b: Array) => Array = binary(ops.sub, 'subtract')
/**
 * a · b, element by element; the result is new.
 * @function
 * @throws `ShapeError` if their shapes differ.
 */
export const multiply: (a: Array, b: Array) => Array = binary(ops.mul, 'multiply')
/**
 * a / b, element by element; the result is new.
 * @function
 * @throws `ShapeError` if their shapes differ.
 */
export const divide: (a: Array, b: Array) => Array = binary(ops.div, 'divide')
/**
 * eˣ of each element; the result is new.
 * @function
 */
export const exp: (a: Array) => Array = unary(ops.exp)
/**
 * The natural logarithm of each element; the result is new.
 * @function
 */
export const log: (a: Array) => Array = unary(ops.log)

/** Multiplies all elements by a number; the result is new. */
export const scale = (a: Array, factor: number): Array => unary((out, x) => ops.muls(out, x, factor))(a)

/** The sum of all elements. */
export const sum = (a: Array): number => ops.sum(a)
/** The mean of all elements. */
export const mean = (a: Array): number => ops.sum(a) / a.size
/** The largest element. */
export const max = (a: Array): number => ops.sup(a)
/** The smallest element. */
export const min = (a: Array): number => ops.inf(a)
/** The published types are wrong: at run time the function takes the array and returns a position. */
const argmaxOf = ops.argmax as unknown as (a: Array) => number[] | null

/** The position of the largest element: one index per axis. */
export const argmax = (a: Array): number[] => [...(argmaxOf(a) ?? [])]
