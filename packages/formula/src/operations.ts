import { errorFunction } from './error-function.ts'
import {
  constant, exp, meanOverColumns, node, select, type Expression, type NodeOp, type ExpressionLike,
} from './expression.ts'

/** How an operation computes plain numbers, and how an adjoint flows back through it. */
export interface Operation {
  /** The result of one element. */
  evaluate(a: number, b: number, c: number): number
  /** The adjoint of each argument, from the adjoint `g` of the result `y`; `null` if nothing flows. */
  vjp(g: Expression, y: Expression, args: readonly Expression[]): readonly (Expression | null)[]
  /** Whether to save it in the forward pass rather than recompute it in the backward pass. */
  readonly expensive?: boolean
}

const leaf: Operation = { evaluate: () => Number.NaN, vjp: () => [] }
const sub = (a: ExpressionLike, b: ExpressionLike): Expression => node('sub', a, b)

/** Every operation with its meaning and its derivative, side by side. */
export const operations: Readonly<Record<NodeOp, Operation>> = {
  constant: leaf,
  input: leaf,
  column: leaf,
  add: { evaluate: (a, b) => a + b, vjp: (g) => [g, g] },
  sub: { evaluate: (a, b) => a - b, vjp: (g) => [g, g.neg()] },
  mul: { evaluate: (a, b) => a * b, vjp: (g, _, [a, b]) => [g.mul(b!), g.mul(a!)] },
  div: { evaluate: (a, b) => a / b, vjp: (g, y, [, b]) => [g.div(b!), g.mul(y).div(b!).neg()], expensive: true },
  neg: { evaluate: (a) => -a, vjp: (g) => [g.neg()] },
  abs: { evaluate: (a) => Math.abs(a), vjp: (g, _, [a]) => [select(a!, g, select(a!.neg(), g.neg(), 0))] },
  max: {
    evaluate: (a, b) => Math.max(a, b),
    vjp: (g, _, [a, b]) => [select(a!.sub(b!), g, 0), select(a!.sub(b!), 0, g)],
  },
  equal: { evaluate: (a, b) => (a === b ? 1 : 0), vjp: () => [null, null] },
  select: { evaluate: (a, b, c) => (a > 0 ? b : c), vjp: (g, _, [a]) => [null, select(a!, g, 0), select(a!, 0, g)] },
  sigmoid: { evaluate: (a) => 1 / (1 + Math.exp(-a)), vjp: (g, y) => [g.mul(y.mul(sub(1, y)))], expensive: true },
  tanh: { evaluate: (a) => Math.tanh(a), vjp: (g, y) => [g.mul(sub(1, y.mul(y)))], expensive: true },
  exp: { evaluate: (a) => Math.exp(a), vjp: (g, y) => [g.mul(y)], expensive: true },
  expm1: { evaluate: (a) => Math.expm1(a), vjp: (g, y) => [g.mul(y.add(1))], expensive: true },
  erf: {
    evaluate: errorFunction,
    vjp: (g, _, [a]) => [g.mul(exp(a!.mul(a!).neg()).mul(2 / Math.sqrt(Math.PI)))],
    expensive: true,
  },
  log: { evaluate: (a) => Math.log(a), vjp: (g, _, [a]) => [g.div(a!)], expensive: true },
  log1p: { evaluate: (a) => Math.log1p(a), vjp: (g, _, [a]) => [g.div(a!.add(1))], expensive: true },
  sqrt: { evaluate: (a) => Math.sqrt(a), vjp: (g, y) => [g.mul(constant(0.5).div(y))], expensive: true },
  mean: {
    evaluate: (a) => a, // of a row that is the same everywhere
    vjp: (g) => [meanOverColumns(g)],
    expensive: true,
  },
  top: {
    evaluate: (a) => a,
    vjp: () => [null], // for results that do not depend on it: see over-columns.ts
    expensive: true,
  },
}

