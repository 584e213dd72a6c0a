/** What an expression node can be. `operations.ts` gives each its meaning and its derivative. */
export type Op =
  | 'constant' | 'input' | 'column'
  | 'add' | 'sub' | 'mul' | 'div' | 'neg' | 'abs' | 'max' | 'equal' | 'select'
  | 'sigmoid' | 'tanh' | 'exp' | 'log' | 'log1p' | 'sqrt'

/** How an operand is laid over the [rows, columns] grid that a formula runs on. */
export type Kind =
  | 'each' // one value per element: [rows, columns]
  | 'unit' // one per column, the same in every row: [columns], e.g. a bias
  | 'row' // one per row, the same in every column: [rows], e.g. a mask
  | 'scalar' // one for all, e.g. a learning rate

export type Value = Expression | number

/** An immutable expression over one element of the grid: `a.mul(b).add(1)`. */
export class Expression {
  readonly op: Op
  readonly args: readonly Expression[]
  readonly value: number // of a constant
  readonly name: string // of an input
  readonly kind: Kind // of an input

  constructor(op: Op, args: readonly Expression[], { value = 0, name = '', kind = 'each' }: { value?: number; name?: string; kind?: Kind } = {}) {
    this.op = op
    this.args = args
    this.value = value
    this.name = name
    this.kind = kind
  }

  add(other: Value): Expression { return node('add', this, other) }
  sub(other: Value): Expression { return node('sub', this, other) }
  mul(other: Value): Expression { return node('mul', this, other) }
  div(other: Value): Expression { return node('div', this, other) }
  neg(): Expression { return node('neg', this) }
}

export const constant = (value: number): Expression => new Expression('constant', [], { value })
export const input = (name: string, kind: Kind = 'each'): Expression => new Expression('input', [], { name, kind })
export const expression = (x: Value): Expression => (typeof x === 'number' ? constant(x) : x)
export const node = (op: Op, ...args: Value[]): Expression => new Expression(op, args.map(expression))

/** The number of the column, from 0: `equal(column, target)` is a one-hot row. */
export const column: Expression = new Expression('column', [])

export const sigmoid = (x: Value): Expression => node('sigmoid', x)
export const tanh = (x: Value): Expression => node('tanh', x)
export const exp = (x: Value): Expression => node('exp', x)
export const log = (x: Value): Expression => node('log', x)
/** log(1 + x), right also for tiny x. */
export const log1p = (x: Value): Expression => node('log1p', x)
export const sqrt = (x: Value): Expression => node('sqrt', x)
/** |x|; its derivative at 0 is 0. */
export const abs = (x: Value): Expression => node('abs', x)
export const max = (a: Value, b: Value): Expression => node('max', a, b)
export const min = (a: Value, b: Value): Expression => max(node('neg', a), node('neg', b)).neg()
/** 1 where a = b, else 0. */
export const equal = (a: Value, b: Value): Expression => node('equal', a, b)
/** `yes` where test > 0, else `no`. What is not chosen does not matter, not even when it is NaN. */
export const select = (test: Value, yes: Value, no: Value): Expression => node('select', test, yes, no)

/** max(0, x) */
export const relu = (x: Value): Expression => max(x, 0)
export const square = (x: Expression): Expression => x.mul(x)
/** (1 - t)·a + t·b: a where t = 0, b where t = 1. */
export const mix = (t: Value, a: Value, b: Value): Expression => node('sub', 1, t).mul(a).add(node('mul', t, b))
/** log(1 + eˣ) without overflow. -|x| is chosen rather than `abs`, so that the derivative at 0 is the true 1/2. */
export const softplus = (x: Expression): Expression => relu(x).add(log1p(exp(select(x, x.neg(), x))))
