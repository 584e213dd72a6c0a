import type { Instruction, Op } from '@recurra/formula'
import { f32x4, v128, type V128 } from '../assembler/index.ts'
import type { Arithmetic } from './arithmetic.ts'
import { erf } from './functions/erf.ts'
import { exp, expm1, sigmoid, tanh } from './functions/exponential.ts'
import { log, log1p } from './functions/logarithm.ts'

/** An argument: its value, the line that computed it, and whether it was computed before the loop. */
export interface Argument {
  readonly value: V128
  readonly line: Instruction
  readonly hoisted: boolean
}
type Arguments = readonly [Argument, Argument, Argument]

const isNumber = ({ op, value }: Instruction): boolean => op === 'constant' && !Number.isNaN(value)
const isZero = ({ op, value }: Instruction): boolean => op === 'constant' && Object.is(value, 0)

/**
 * The larger; NaN if either is. The engine's handling of NaN, 0 and -0 takes eight instructions; this takes two or
 * three.
 */
const max = (a: Arithmetic, [x, y]: Arguments): V128 => {
  if (isNumber(x.line) && !isNumber(y.line)) return max(a, [y, x, x])
  if (isNumber(y.line)) {
    const larger = f32x4.pseudoMax(x.value, y.value) // x where x is NaN
    return isZero(y.line) ? f32x4.add(larger, y.value) : larger // -0 + 0 = 0
  }
  if (!x.hoisted && !y.hoisted) return f32x4.max(x.value, y.value)
  const [slow, fast] = x.hoisted ? [x.value, a.keep(y.value)] : [y.value, a.keep(x.value)]
  // all ones are a NaN; of 0 and -0 the slow one
  return v128.or(f32x4.pseudoMax(slow, fast), f32x4.notEqual(fast, fast))
}

const select = (a: Arithmetic, [test, yes, no]: Arguments): V128 => {
  const chosen = f32x4.greater(test.value, a.constant(0))
  if (isZero(no.line)) return v128.and(yes.value, chosen)
  return isZero(yes.line) ? v128.andNot(no.value, chosen) : v128.select(yes.value, no.value, chosen)
}

type Writer = (a: Arithmetic, args: Arguments) => V128
const one = (write: (a: Arithmetic, x: V128) => V128): Writer => (a, [x]) => write(a, x.value)
const two = (write: (x: V128, y: V128) => V128): Writer => (_, [x, y]) => write(x.value, y.value)

/** Each operation of the formula language on four lanes. */
export const operations: Readonly<Record<Exclude<Op, 'constant' | 'input' | 'column'>, Writer>> = {
  add: two(f32x4.add),
  sub: two(f32x4.sub),
  mul: two(f32x4.mul),
  div: two(f32x4.div),
  // One instruction each, where the engine would take three.
  neg: one((a, x) => v128.xor(x, a.constant(-0))),
  abs: one((a, x) => v128.andNot(x, a.constant(-0))),
  max,
  equal: (a, [x, y]) => v128.and(f32x4.equal(x.value, y.value), a.constant(1)),
  select,
  sigmoid: one(sigmoid),
  tanh: one(tanh),
  exp: one(exp),
  expm1: one(expm1),
  erf: one(erf),
  log: one(log),
  log1p: one(log1p),
  sqrt: one((_, x) => f32x4.sqrt(x)),
}
