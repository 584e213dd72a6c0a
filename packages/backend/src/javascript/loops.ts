import { errorFunctionInPlace, type Op } from '@recurra/formula'
import type { Floats } from '@recurra/tensor'

type Numbers = Float64Array
const cell: Numbers = new Float64Array(1)
type Loop = (y: Numbers, a: Numbers, b: Numbers, c: Numbers, count: number) => void

/**
 * y = op(a, b, c), element by element. Each operation has a loop of its own: a shared loop that calls `evaluate` of any
 * operation would box every number on the heap.
 */
export const loops: Readonly<Record<Exclude<Op, 'constant' | 'input' | 'column'>, Loop>> = {
  add: (y, a, b, _, count) => { for (let i = 0; i < count; i++) y[i] = a[i]! + b[i]! },
  sub: (y, a, b, _, count) => { for (let i = 0; i < count; i++) y[i] = a[i]! - b[i]! },
  mul: (y, a, b, _, count) => { for (let i = 0; i < count; i++) y[i] = a[i]! * b[i]! },
  div: (y, a, b, _, count) => { for (let i = 0; i < count; i++) y[i] = a[i]! / b[i]! },
  neg: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = -a[i]! },
  abs: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = Math.abs(a[i]!) },
  max: (y, a, b, _, count) => { for (let i = 0; i < count; i++) y[i] = Math.max(a[i]!, b[i]!) },
  equal: (y, a, b, _, count) => { for (let i = 0; i < count; i++) y[i] = a[i] === b[i] ? 1 : 0 },
  select: (y, a, b, c, count) => { for (let i = 0; i < count; i++) y[i] = a[i]! > 0 ? b[i]! : c[i]! },
  sigmoid: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = 1 / (1 + Math.exp(-a[i]!)) },
  tanh: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = Math.tanh(a[i]!) },
  exp: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = Math.exp(a[i]!) },
  expm1: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = Math.expm1(a[i]!) },
  erf: (y, a, _, __, count) => {
    for (let i = 0; i < count; i++) {
      cell[0] = a[i]!
      errorFunctionInPlace(cell)
      y[i] = cell[0]!
    }
  },
  log: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = Math.log(a[i]!) },
  log1p: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = Math.log1p(a[i]!) },
  sqrt: (y, a, _, __, count) => { for (let i = 0; i < count; i++) y[i] = Math.sqrt(a[i]!) },
}

/** y = data from a position on; with `stride` 0 the same number everywhere. */
export const load = (y: Numbers, data: Floats | Int32Array, start: number, stride: number, count: number): void => {
  for (let i = 0; i < count; i++) y[i] = data[start + stride * i]!
}

type Store = (data: Floats | Int32Array, start: number, y: Numbers, count: number) => void

/** Stores each element of y in a place of its own. */
export const stores: Readonly<Record<'set' | 'sum' | 'max', Store>> = {
  set: (data, start, y, count) => {
    for (let i = 0; i < count; i++) data[start + i] = y[i]!
  },
  sum: (data, start, y, count) => {
    for (let i = 0; i < count; i++) data[start + i]! += y[i]!
  },
  max: (data, start, y, count) => {
    for (let i = 0; i < count; i++) data[start + i] = Math.max(data[start + i]!, y[i]!)
  },
}

/** Reduces all of y into the value of one place. */
export const reductions: Readonly<Record<'sum' | 'max', Store>> = {
  sum: (data, start, y, count) => {
    let sum = 0
    for (let i = 0; i < count; i++) sum += y[i]!
    data[start]! += sum
  },
  max: (data, start, y, count) => {
    let top = data[start]!
    for (let i = 0; i < count; i++) top = Math.max(top, y[i]!)
    data[start] = top
  },
}
