import { errorFunction } from './error-function.ts'
import { constant, exp, meanOverColumns, node, select, type Expression, type NodeOp, type Value } from './expression.ts'

/** What an operation computes on plain numbers, and beside it how an adjoint flows back through it. */
export interface Operation {
  /** The result for one element. */
  evaluate(a: number, b: number, c: number): number
  /** From the adjoint `g` of the result `y`: the adjoint of each argument, `null` where nothing flows. */
  pull(g: Expression, y: Expression, args: readonly Expression[]): readonly (Expression | null)[]
  /** Worth saving in the forward pass rather than computing again in the backward pass. */
  readonly dear?: boolean
}

const leaf: Operation = {
  evaluate: () => Number.NaN,
  pull: () => [],
}
const sub = (a: Value, b: Value): Expression => node('sub', a, b)

/** Every operation with its meaning and its derivative, side by side. */
export const operations: Readonly<Record<NodeOp, Operation>> = {
  constant: leaf,
  input: leaf,
  column: leaf,
  add: {
    evaluate: (a, b) => a + b,
    pull: (g) => [g, g],
  },
  sub: {
    evaluate: (a, b) => a - b,
    pull: (g) => [g, g.neg()],
  },
  mul: {
    evaluate: (a, b) => a * b,
    pull: (g, _, [a, b]) => [g.mul(b!), g.mul(a!)],
  },
  div: {
    evaluate: (a, b) => a / b,
    pull: (g, y, [, b]) => [g.div(b!), g.mul(y).div(b!).neg()],
    dear: true,
  },
  neg: {
    evaluate: (a) => -a,
    pull: (g) => [g.neg()],
  },
  abs: {
    evaluate: (a) => Math.abs(a),
    pull: (g, _, [a]) => [select(a!, g, select(a!.neg(), g.neg(), 0))],
  },
  max: {
    evaluate: (a, b) => Math.max(a, b),
    pull: (g, _, [a, b]) => [select(a!.sub(b!), g, 0), select(a!.sub(b!), 0, g)],
  },
  equal: {
    evaluate: (a, b) => (a === b ? 1 : 0),
    pull: () => [null, null],
  },
  select: {
    evaluate: (a, b, c) => (a > 0 ? b : c),
    pull: (g, _, [a]) => [null, select(a!, g, 0), select(a!, 0, g)],
  },
  sigmoid: {
    evaluate: (a) => 1 / (1 + Math.exp(-a)),
    pull: (g, y) => [g.mul(y.mul(sub(1, y)))],
    dear: true,
  },
  tanh: {
    evaluate: (a) => Math.tanh(a),
    pull: (g, y) => [g.mul(sub(1, y.mul(y)))],
    dear: true,
  },
  exp: {
    evaluate: (a) => Math.exp(a),
    pull: (g, y) => [g.mul(y)],
    dear: true,
  },
  expm1: {
    evaluate: (a) => Math.expm1(a),
    pull: (g, y) => [g.mul(y.add(1))],
    dear: true,
  },
  erf: {
    evaluate: errorFunction,
    pull: (g, _, [a]) => [g.mul(exp(a!.mul(a!).neg()).mul(2 / Math.sqrt(Math.PI)))],
    dear: true,
  },
  log: {
    evaluate: (a) => Math.log(a),
    pull: (g, _, [a]) => [g.div(a!)],
    dear: true,
  },
  log1p: {
    evaluate: (a) => Math.log1p(a),
    pull: (g, _, [a]) => [g.div(a!.add(1))],
    dear: true,
  },
  sqrt: {
    evaluate: (a) => Math.sqrt(a),
    pull: (g, y) => [g.mul(constant(0.5).div(y))],
    dear: true,
  },
  mean: {
    evaluate: (a) => a, // of a row that is the same everywhere
    pull: (g) => [meanOverColumns(g)],
    dear: true,
  },
  top: {
    evaluate: (a) => a,
    pull: () => [null], // for what does not depend on it: see over-columns.ts
    dear: true,
  },
}

