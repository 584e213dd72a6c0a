import { ConfigurationError } from '@recurra/tensor'
import { isReduction, type Expression, type OperandKind, type Op } from './expression.ts'
import type { FormulaOutput } from './output.ts'
import { Simplifier } from './simplify.ts'
import { topological } from './walk.ts'

/** One line of a program; value i is the result of line i. */
export interface Instruction {
  /** The operation. */
  readonly op: Op
  /** The lines whose results are its arguments. */
  readonly args: readonly number[]
  /** The value of a constant. */
  readonly value: number
  /** The position of an input among the inputs; -1 for other lines. */
  readonly input: number
}

/** Something a program reads or writes. */
export interface Operand<Name extends string = string> {
  /** Its name. */
  readonly name: Name
  /** How it is broadcast over the grid. */
  readonly kind: OperandKind
}

/** Something a program writes. */
export interface ProgramOutput<Name extends string = string> extends Operand<Name> {
  /** The line whose value is written. */
  readonly from: number
  /** How the grid is reduced if the target is narrower. */
  readonly reduce: FormulaOutput['reduce']
  /** Adds to what the target holds instead of overwriting it. */
  readonly accumulate: boolean
}

/** A formula as straight-line code, ready for a backend. All lines are computed before anything is written. */
export interface Program<Name extends string = string> {
  /** What it reads. */
  readonly inputs: readonly Operand<Name>[]
  /** What it writes. */
  readonly outputs: readonly ProgramOutput<Name>[]
  /** Its lines, each after those that it needs. */
  readonly code: readonly Instruction[]
}

/** Every node's distance from the leaves. */
const depths = (roots: readonly Expression[]): Map<Expression, number> => {
  const depth = new Map<Expression, number>()
  for (const e of topological(roots)) depth.set(e, 1 + Math.max(0, ...e.args.map((arg) => depth.get(arg)!)))
  return depth
}

const needsPasses = (): ConfigurationError =>
  new ConfigurationError({
    where: 'formula',
    expected: 'values of one element or row at a time',
    got: 'a mean or a maximum over the columns, which needs a pass of its own',
    fix: 'Make several programs: passesOf(outputsOf({ … })).',
  })

/**
 * Simplifies the outputs together and orders their evaluation.
 * @throws `ConfigurationError` if one needs several passes: see `passesOf`.
 */
export const programOf = <Name extends string>(outputs: readonly FormulaOutput<Name>[]): Program<Name> => {
  const simplifier = new Simplifier()
  const roots = outputs.map(({ value }) => simplifier.simplify(value))
  const depth = depths(roots)
  const inputs: Operand<Name>[] = []
  const code: Instruction[] = []
  const lines = new Map<Expression, number>()

  const emit = (e: Expression): number => {
    const known = lines.get(e)
    if (known !== undefined) return known
    if (isReduction(e.op)) throw needsPasses()
    // The deeper argument first keeps fewer values alive at once (Sethi and Ullman).
    for (const arg of [...e.args].sort((a, b) => depth.get(b)! - depth.get(a)!)) emit(arg)
    const slot = e.op === 'input' ? inputs.push({ name: e.name as Name, kind: e.kind }) - 1 : -1
    lines.set(e, code.length)
    code.push({ op: e.op, args: e.args.map((arg) => lines.get(arg)!), value: e.value, input: slot })
    return code.length - 1
  }

  return {
    outputs: outputs.map(({ name, kind, reduce, accumulate }, i) => ({
      name,
      kind,
      reduce: reduce,
      accumulate,
      from: emit(roots[i]!),
    })),
    inputs,
    code,
  }
}
