import { Expression, expression, notAnExpression, type OperandKind } from './expression.ts'

/** What a formula writes, and how the grid is reduced if the target is narrower than the grid. */
export interface FormulaOutput<Name extends string = string> {
  /** The operand that it is written to. */
  readonly name: Name
  /** What is computed for each element of the grid. */
  readonly value: Expression
  /** How the target is broadcast over the grid. */
  readonly kind: OperandKind
  /** `'none'` for a target as wide as the grid; a narrower one takes the sum or the largest of the values it covers. */
  readonly reduce: 'none' | 'sum' | 'max'
  /** Adds to what the target holds instead of overwriting it. */
  readonly accumulate: boolean
}

/** How an output is written; made by the functions below, or by `formula` from a bare expression. */
export type Target = Omit<FormulaOutput, 'name'>

const reduced =
  (kind: OperandKind, reduce: 'sum' | 'max') =>
  (given: Expression): Target => {
    const value = expression(given, `${reduce} over a grid`)
    return { value, kind, reduce, accumulate: false }
  }

/**
 * One number per row: the sum over its columns.
 * @function
 */
export const sumOverColumns: (value: Expression) => Target = reduced('row', 'sum')
/**
 * One number per row: the largest of its columns.
 * @function
 */
export const maxOverColumns: (value: Expression) => Target = reduced('row', 'max')
/**
 * One number per column: the sum over the rows, e.g. the gradient of a bias.
 * @function
 */
export const sumOverRows: (value: Expression) => Target = reduced('column', 'sum')
/**
 * One number per column: the largest over the rows.
 * @function
 */
export const maxOverRows: (value: Expression) => Target = reduced('column', 'max')
/**
 * One number in all: the largest.
 * @function
 */
export const maxOverAll: (value: Expression) => Target = reduced('scalar', 'max')
/**
 * One number in all: the sum.
 * @function
 */
export const sumOverAll: (value: Expression) => Target = reduced('scalar', 'sum')

/** Adds to what the target holds: `accumulate(sumOverRows(dy))`. */
export const accumulate = (value: Expression | Target): Target => ({ ...targetOf(value), accumulate: true })

/**
 * A bare expression overwrites every element.
 * @throws `ConfigurationError` if it is not an expression.
 */
export const targetOf = (value: Expression | Target): Target => {
  if (value instanceof Expression) return { value, kind: 'element', reduce: 'none', accumulate: false }
  if (Object(value).value instanceof Expression) return value
  throw notAnExpression('what a formula gives', value)
}
