import {
  abs, equal, exp, expression, input, log, meanOverColumns, node, select, type Expression, type ExpressionLike,
} from './expression.ts'

const sum = (x: Expression): Expression => meanOverColumns(x).mul(input('columns', 'scalar'))

/** x minus the largest of its row, so that no exponential overflows; the functions here do not depend on the shift. */
const lowered = (x: Expression): { readonly top: Expression; readonly rest: Expression } => {
  const largest = node('top', x)
  const top = select(equal(abs(largest), Infinity), 0, largest) // ∞ - ∞ is NaN
  return { top, rest: x.sub(top) }
}

/**
 * log Σ eˣ over the columns of each row, without overflow. Formulas with it run in several passes: see `passesOf`.
 *
 * ```ts
 * import { activation, logSumExpOverColumns, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [activation((x) => logSumExpOverColumns(x))])
 * console.log(model.backend.read(model.stream().step([1000, 1000]))[0]!.toFixed(2)) // 1000.69
 * ```
 */
export const logSumExpOverColumns = (x: ExpressionLike): Expression => {
  const { top, rest } = lowered(expression(x))
  return top.add(log(sum(exp(rest))))
}

/**
 * eˣ / Σ eˣ over the columns of each row. Formulas with it run in several passes: see `passesOf`.
 *
 * ```ts
 * import { activation, softmaxOverColumns, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [activation((x) => softmaxOverColumns(x))])
 * console.log(model.backend.read(model.stream().step([7, 7]))) // [0.5, 0.5]
 * ```
 */
export const softmaxOverColumns = (x: ExpressionLike): Expression => {
  const power = exp(lowered(expression(x)).rest)
  return power.div(sum(power))
}

/**
 * x - log Σ eˣ over the columns of each row, the logarithm of softmax. Formulas with it run in several passes: see
 * `passesOf`.
 *
 * ```ts
 * import { activation, logSoftmaxOverColumns, sequential, vector } from 'recurra'
 *
 * const model = sequential(vector(2), [activation((x) => logSoftmaxOverColumns(x))])
 * console.log(model.backend.read(model.stream().step([7, 7]))[0]!.toFixed(3)) // -0.693
 * ```
 */
export const logSoftmaxOverColumns = (x: ExpressionLike): Expression => {
  const { rest } = lowered(expression(x))
  return rest.sub(log(sum(exp(rest))))
}
