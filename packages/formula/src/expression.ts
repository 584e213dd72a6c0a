import { ConfigurationError, describeValue } from '@recurra/tensor'

/** The operations on one element. `operations` defines the meaning and the derivative of each. */
export type Op =
  | 'constant' | 'input' | 'column'
  | 'add' | 'sub' | 'mul' | 'div' | 'neg' | 'abs' | 'max' | 'equal' | 'select'
  | 'sigmoid' | 'tanh' | 'exp' | 'expm1' | 'log' | 'log1p' | 'sqrt' | 'erf'

/**
 * The kinds of expression nodes: an operation on one element, or the mean or the largest over all columns of its row,
 * which need a separate pass.
 */
export type NodeOp = Op | 'mean' | 'top'

/** Whether an operation reduces all columns of a row. */
export const isReduction = (op: NodeOp): op is 'mean' | 'top' => op === 'mean' || op === 'top'

/** How an operand is broadcast over the [rows, columns] grid that a formula runs on. */
export type OperandKind =
  | 'element' // one value per element: [rows, columns]
  | 'column' // one per column, the same in every row: [columns], e.g. a bias
  | 'row' // one per row, the same in every column: [rows], e.g. a mask
  | 'scalar' // one for all, e.g. a learning rate

/** An argument of the functions on expressions: an expression, or a number as a constant. */
export type ExpressionLike = Expression | number

/** An immutable expression over one element of the grid: `a.mul(b).add(1)`. */
export class Expression {
  /** The operation. */
  readonly op: NodeOp
  /** The arguments. */
  readonly args: readonly Expression[]
  /** The value of a constant. */
  readonly value: number
  /** The name of an input. */
  readonly name: string
  /** How an input is broadcast over the grid. */
  readonly kind: OperandKind

  constructor(
    op: NodeOp,
    args: readonly Expression[],
    { value = 0, name = '', kind = 'element' }: { value?: number; name?: string; kind?: OperandKind } = {},
  ) {
    this.op = op
    this.args = args
    this.value = value
    this.name = name
    this.kind = kind
  }

  /** this + other */
  add(other: ExpressionLike): Expression {
    return node('add', this, other)
  }
  /** this - other */
  sub(other: ExpressionLike): Expression {
    return node('sub', this, other)
  }
  /** this · other */
  mul(other: ExpressionLike): Expression {
    return node('mul', this, other)
  }
  /** this / other */
  div(other: ExpressionLike): Expression {
    return node('div', this, other)
  }
  /** -this */
  neg(): Expression {
    return node('neg', this)
  }
}

/** A number as an expression. */
export const constant = (value: number): Expression => new Expression('constant', [], { value })
/** An operand by name; by default one value per element of the grid. */
export const input = (name: string, kind: OperandKind = 'element'): Expression => new Expression('input', [], {
  name, kind,
})
/** The error of an operand, or a result, that is neither an expression nor a number. */
export const notAnExpression = (where: string, value: unknown): ConfigurationError =>
  new ConfigurationError({
    where,
    expected: 'an expression or a number',
    got: describeValue(value),
    fix: typeof value === 'string' ? "Pass a number, or input('name') for an operand." : 'Pass one of them.',
  })
/** @throws `ConfigurationError` if it is neither an expression nor a number. */
export const expression = (x: ExpressionLike, where = 'formula'): Expression => {
  if (typeof x === 'number') return constant(x)
  if (x instanceof Expression) return x
  throw notAnExpression(where, x)
}
/** @throws `ConfigurationError` if an operand is neither an expression nor a number. */
export const node = (op: NodeOp, ...args: ExpressionLike[]): Expression =>
  new Expression(op, args.map((x, i) => expression(x, args.length > 1 ? `${op}, operand ${i + 1}` : op)))

/** The number of the column, from 0: `equal(column, target)` is a one-hot row. */
export const column: Expression = new Expression('column', [])

/** 1 / (1 + e⁻ˣ) */
export const sigmoid = (x: ExpressionLike): Expression => node('sigmoid', x)
/** (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ) */
export const tanh = (x: ExpressionLike): Expression => node('tanh', x)
/** eˣ */
export const exp = (x: ExpressionLike): Expression => node('exp', x)
/** eˣ - 1, accurate for tiny x too. */
export const expm1 = (x: ExpressionLike): Expression => node('expm1', x)
/** The error function 2/√π ∫₀ˣ exp(-t²) dt. */
export const erf = (x: ExpressionLike): Expression => node('erf', x)
/** The natural logarithm. */
export const log = (x: ExpressionLike): Expression => node('log', x)
/** log(1 + x), accurate for tiny x too. */
export const log1p = (x: ExpressionLike): Expression => node('log1p', x)
/** √x */
export const sqrt = (x: ExpressionLike): Expression => node('sqrt', x)
/** |x|; its derivative at 0 is 0. */
export const abs = (x: ExpressionLike): Expression => node('abs', x)
/** The larger of two; where they are equal the derivative goes to `b`. */
export const max = (a: ExpressionLike, b: ExpressionLike): Expression => node('max', a, b)
/** The smaller of two. */
export const min = (a: ExpressionLike, b: ExpressionLike): Expression => max(node('neg', a), node('neg', b)).neg()
/** 1 where a = b, else 0. */
export const equal = (a: ExpressionLike, b: ExpressionLike): Expression => node('equal', a, b)
/** `yes` where test > 0, else `no`. The value not chosen has no effect, even if it is NaN. */
export const select = (test: ExpressionLike, yes: ExpressionLike, no: ExpressionLike): Expression =>
  node('select', test, yes, no)

/**
 * The mean over the columns of each row, for layers that normalize over their units. A formula with means runs in
 * several passes: see `passesOf`.
 */
export const meanOverColumns = (x: ExpressionLike): Expression => node('mean', x)

/** max(x, 0); its derivative at 0 is 0, as in PyTorch. */
export const relu = (x: ExpressionLike): Expression => max(x, 0)
/** x² */
export const square = (x: Expression): Expression => expression(x, 'square').mul(x)
/** (1 - t)·a + t·b: a where t = 0, b where t = 1. */
export const mix = (t: ExpressionLike, a: ExpressionLike, b: ExpressionLike): Expression =>
  node('sub', 1, t).mul(a).add(node('mul', t, b))
/**
 * log(1 + eˣ) without overflow. -|x| is written with `select`, not `abs`, so that the derivative at 0 is the exact 1/2.
 */
export const softplus = (x: Expression): Expression => relu(x).add(log1p(exp(select(x, node('neg', x), x))))
