import type { Op, Program } from '@recurra/formula'
import { definitionsOf, type FunctionName } from './functions.ts'

type Three = [a: string, b: string, c: string]
type Text = (...args: Three) => string
const calling = (name: FunctionName): readonly [Text, FunctionName] => [(a) => `${name}(${a})`, name]

/** Each operation as an expression, and the function that it calls. */
const texts: Readonly<Record<Exclude<Op, 'constant' | 'input'>, readonly [Text, FunctionName?]>> = {
  column: [() => 'f32(c)'],
  add: [(a, b) => `${a} + ${b}`],
  sub: [(a, b) => `${a} - ${b}`],
  mul: [(a, b) => `${a} * ${b}`],
  div: [(a, b) => `${a} / ${b}`],
  neg: [(a) => `-${a}`],
  abs: [(a) => `abs(${a})`],
  max: [(a, b) => `larger(${a}, ${b})`, 'larger'],
  equal: [(a, b) => `select(0.0, 1.0, isEqual(${a}, ${b}))`, 'isEqual'],
  select: [(a, b, c) => `select(${c}, ${b}, isPositive(${a}))`, 'isPositive'],
  sigmoid: calling('logistic'),
  tanh: calling('hyperbolicTangent'),
  exp: calling('exponential'),
  expm1: calling('exponentialMinus1'),
  erf: calling('errorFunction'),
  log: calling('logarithm'),
  log1p: calling('logarithm1Plus'),
  sqrt: [(a) => `sqrt(${a})`],
}

const word = new DataView(new ArrayBuffer(4))

/** A number in WGSL; what is not finite has no literal, and is read from the table, where no compiler sees it. */
export const literal = (value: number): string => {
  word.setFloat32(0, value)
  const number = word.getFloat32(0)
  if (Number.isNaN(number)) return 'bitcast<f32>(t[0].w)'
  if (number === Infinity) return 'bitcast<f32>(t[0].z)'
  if (number === -Infinity) return 'bitcast<f32>(t[0].z | i32(0x80000000u))'
  if (Number.isInteger(number) && Math.abs(number) < 2 ** 24 && !Object.is(number, -0)) return `f32(${number})`
  return `bitcast<f32>(0x${word.getUint32(0).toString(16)}u)`
}

/** A factor, or what is divided: a driver would make 0 of 0 times a number, whatever that is, if it saw the 0. */
const factor = (value: number): string =>
  value === 0 ? `bitcast<f32>((t[0].z - 0x7f800000) | i32(0x${Object.is(value, -0) ? 8 : 0}0000000u))` : literal(value)

/** The first row of a formula's table: the grid, then the bits of infinity and of NaN. */
export const sizesOf = (rows: number, columns: number): readonly number[] => [rows, columns, 0x7f800000, 0x7fc00000]

/** Some outputs of a program as code for the element at row `r` and column `c`. */
export interface Lines {
  /** Their functions. */
  readonly definitions: readonly string[]
  /** The lines that compute them. */
  readonly body: string
  /** The name of the value of a line. */
  readonly value: (line: number) => string
  /** The inputs that are read, by their positions. */
  readonly reads: ReadonlySet<number>
}

/** The lines that some outputs need; `load` reads an input, and what begins with `prefix` is named here. */
export const linesOf = (
  program: Program, outputs: readonly number[], load: (input: number) => string, prefix = 'v',
): Lines => {
  const { code } = program
  const needed = new Set<number>()
  const need = (line: number): void => {
    if (needed.has(line)) return
    needed.add(line)
    code[line]!.args.forEach(need)
  }
  for (const output of outputs) need(program.outputs[output]!.from)
  const named = (line: number, constant: (value: number) => string): string =>
    code[line]!.op === 'constant' ? constant(code[line]!.value) : `${prefix}${line}`
  const value = (line: number): string => named(line, literal)
  const called = new Set<FunctionName>()
  const reads = new Set<number>()
  const lines = code.flatMap(({ op, args, input }, line) => {
    if (!needed.has(line) || op === 'constant') return []
    if (op === 'input') {
      reads.add(input)
      return [`let ${prefix}${line} = ${load(input)};`]
    }
    const [text, name] = texts[op]
    if (name) called.add(name)
    const constant = op === 'mul' || op === 'div' ? factor : literal
    return [`let ${prefix}${line} = ${text(...(args.map((arg) => named(arg, constant)) as Three))};`]
  })
  if (outputs.some((output) => program.outputs[output]!.reduce === 'max')) called.add('larger')
  return { definitions: definitionsOf(called), body: lines.join('\n'), value, reads }
}
