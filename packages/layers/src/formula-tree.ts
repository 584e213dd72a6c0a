import {
  abs, constant, erf, exp, log, max, meanOverColumns, min, select, sqrt, square, type Expression,
} from '@recurra/formula'
import { ConfigurationError, describeValue, didYouMean } from '@recurra/tensor'
import { activationOptions, activations, type ActivationOptions } from './activations.ts'

/**
 * A formula as plain data: a number, an operand by its name, or an operation with its operands in a list,
 * `['add', 'x0', 1]`.
 */
export type FormulaTree = number | string | readonly FormulaTree[]

/** Arithmetic, by name, with its number of operands. */
const arithmetic: { readonly [name: string]: readonly [operands: number, f: (...x: Expression[]) => Expression] } = {
  add: [2, (a, b) => a!.add(b!)], sub: [2, (a, b) => a!.sub(b!)], mul: [2, (a, b) => a!.mul(b!)],
  div: [2, (a, b) => a!.div(b!)], max: [2, (a, b) => max(a!, b!)], min: [2, (a, b) => min(a!, b!)],
  neg: [1, (x) => x!.neg()], abs: [1, (x) => abs(x!)], exp: [1, (x) => exp(x!)], log: [1, (x) => log(x!)],
  sqrt: [1, (x) => sqrt(x!)], square: [1, (x) => square(x!)], erf: [1, (x) => erf(x!)],
  mean: [1, (x) => meanOverColumns(x!)], select: [3, (test, a, b) => select(test!, a!, b!)],
}

const deepest = 100 // operations within operations

/** The operands that are numbers of an activation's options: `['hardtanh', x, -1, 1]`. */
const optionNames = (name: string): string[] => Object.keys(activationOptions(name))

/**
 * The expression that a tree describes.
 * @throws `ConfigurationError` if an operation or an operand is unknown, or an operation has too few or too many
 * operands.
 */
export const expressionOf = (
  tree: FormulaTree, operands: ReadonlyMap<string, Expression>, where = 'formulaLayer', depth = 0,
): Expression => {
  const refused = (expected: string, got: string, fix = ''): ConfigurationError =>
    new ConfigurationError({ where, expected, got, fix: `${fix}Write ['add', 'x0', 1], say.` })
  if (depth > deepest) throw refused(`at most ${deepest} operations within each other`, 'more')
  if (typeof tree === 'number') return constant(tree)
  if (typeof tree === 'string') {
    const found = operands.get(tree)
    if (found) return found
    throw refused(`an operand among ${[...operands.keys()].join(', ')}`, describeValue(tree))
  }
  const [name, ...args] = Array.isArray(tree) ? (tree as readonly FormulaTree[]) : []
  if (typeof name !== 'string') throw refused('a number, an operand, or an operation in a list', describeValue(tree))
  if (Object.hasOwn(arithmetic, name)) {
    const [count, f] = arithmetic[name]!
    if (args.length !== count) throw refused(`${count} operands of ${name}`, String(args.length))
    return f(...args.map((arg) => expressionOf(arg, operands, where, depth + 1)))
  }
  if (!Object.hasOwn(activations, name)) {
    const known = [...Object.keys(arithmetic), ...Object.keys(activations)]
    throw refused(`an operation among ${known.join(', ')}`, describeValue(name), didYouMean(name, known))
  }
  const [x, ...numbers] = args
  const names = optionNames(name)
  if (x === undefined || numbers.length > names.length || !numbers.every((value) => typeof value === 'number'))
    throw refused(`${name} of an operand and at most ${names.length} numbers`, describeValue(JSON.stringify(args)))
  const own = Object.fromEntries(numbers.map((value, i) => [names[i]!, value])) as ActivationOptions
  const f = activations[name as keyof typeof activations]
  return f(expressionOf(x, operands, where, depth + 1), own)
}
