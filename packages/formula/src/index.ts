/**
 * Element-wise expressions: a small language, its simplifier, its derivative, and straight-line programs that
 * backends run. Every operation rejects an operand that is neither an expression nor a number with a
 * `ConfigurationError`.
 *
 * @module @recurra/formula
 */
export { differentiate, gradientOf, writtenAs, type Derivative } from './differentiate.ts'
export {
  abs, column, constant, equal, erf, exp, expm1, Expression, input, log, log1p, max, meanOverColumns, min, mix, relu,
  select, sigmoid, softplus, sqrt, square, tanh, type OperandKind, type NodeOp, type Op, type ExpressionLike,
} from './expression.ts'
export { formula, outputsOf, type Operands } from './formula.ts'
export { errorFunction, errorFunctionInPlace } from './error-function.ts'
export { operations, type Operation } from './operations.ts'
export {
  accumulate, maxOverAll, maxOverColumns, maxOverRows, sumOverAll, sumOverColumns, sumOverRows, type FormulaOutput,
  type Target,
} from './output.ts'
export { logSoftmaxOverColumns, logSumExpOverColumns, softmaxOverColumns } from './over-columns.ts'
export { passesOf, type FormulaPasses } from './passes.ts'
export { programOf, type Instruction, type Operand, type Program, type ProgramOutput } from './program.ts'
export { inputsOf, substitute } from './walk.ts'
