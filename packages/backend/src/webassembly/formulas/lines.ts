import type { Instruction, Op, Program } from '@recurra/formula'
import { f32x4, v128, type V128 } from '../assembler/index.ts'
import type { Arithmetic } from './arithmetic.ts'
import { exp, sigmoid, tanh } from './functions/exponential.ts'
import { log, log1p } from './functions/logarithm.ts'

type Computed = Exclude<Op, 'constant' | 'input' | 'column'>

/** The larger; NaN if either is. With a known number on one side a single instruction does it. */
const max = (a: Arithmetic, x: V128, y: V128, known: number | undefined): V128 => {
  if (known === undefined || Number.isNaN(known)) return f32x4.max(x, y)
  const larger = f32x4.pseudoMax(x, a.constant(known))
  return Object.is(known, 0) ? f32x4.add(larger, a.constant(0)) : larger // -0 + 0 = 0
}

/** What each operation of the formula language is on four lanes. */
const operations: Readonly<Record<Computed, (a: Arithmetic, ...args: [V128, V128, V128]) => V128>> = {
  add: (_, x, y) => f32x4.add(x, y),
  sub: (_, x, y) => f32x4.sub(x, y),
  mul: (_, x, y) => f32x4.mul(x, y),
  div: (_, x, y) => f32x4.div(x, y),
  neg: (_, x) => f32x4.neg(x),
  abs: (_, x) => f32x4.abs(x),
  max: (_, x, y) => f32x4.max(x, y),
  equal: (a, x, y) => v128.and(f32x4.equal(x, y), a.constant(1)),
  select: (a, test, yes, no) => v128.select(yes, no, f32x4.greater(test, a.constant(0))),
  sigmoid, tanh, exp, log, log1p,
  sqrt: (_, x) => f32x4.sqrt(x),
}

/** How often a value changes: once a call, once a row, or with every element. */
export type Pace = 'scalar' | 'row' | 'each'
const paces: readonly Pace[] = ['scalar', 'row', 'each']

const ownPace = ({ inputs }: Program, { op, input }: Instruction): Pace => {
  const kind = op === 'column' ? 'each' : op === 'input' ? inputs[input]!.kind : 'scalar'
  return kind === 'unit' ? 'each' : kind
}

/** The pace of every line: that of its fastest argument. */
export const pacesOf = (program: Program): readonly Pace[] => {
  const speeds: number[] = []
  for (const line of program.code) speeds.push(Math.max(paces.indexOf(ownPace(program, line)), ...line.args.map((arg) => speeds[arg]!)))
  return speeds.map((speed) => paces[speed]!)
}

/** The lines of a program as values, made where they are first asked for; what is read twice is kept. */
export class Lines {
  readonly #program: Program
  readonly #a: Arithmetic
  readonly #leaf: (line: number) => V128
  readonly #uses: readonly number[]
  readonly #values: Map<number, V128>

  constructor(program: Program, a: Arithmetic, leaf: (line: number) => V128, known: ReadonlyMap<number, V128>) {
    this.#program = program
    this.#a = a
    this.#leaf = leaf
    this.#values = new Map(known)
    const uses = program.code.map(() => 0)
    for (const { args } of program.code) for (const arg of args) uses[arg]!++
    for (const { from } of program.outputs) uses[from]!++
    this.#uses = uses
  }

  /** The value of a line; the second time it is read from a variable. */
  value(line: number): V128 {
    return this.#values.get(line) ?? (this.#uses[line]! > 1 ? this.keep(line) : this.#compute(line))
  }

  /** Computes a line here, where its arguments are what they should be, and not where it is read. */
  keep(line: number): V128 {
    const known = this.#values.get(line)
    if (known) return known
    const kept = this.#a.keep(this.#compute(line))
    this.#values.set(line, kept)
    return kept
  }

  get values(): ReadonlyMap<number, V128> {
    return this.#values
  }

  #compute(line: number): V128 {
    const { op, args, value } = this.#program.code[line]!
    if (op === 'constant') return this.#a.constant(value)
    if (op === 'input' || op === 'column') return this.#leaf(line)
    if (op === 'add' || op === 'sub') {
      const fused = this.#fused(op, args[0]!, args[1]!)
      if (fused) return fused
    }
    const values = args.map((arg) => this.value(arg)) as [V128, V128, V128]
    if (op !== 'max') return operations[op](this.#a, ...values)
    const [x, y] = args.map((arg) => this.#program.code[arg]!)
    if (x!.op === 'constant') return max(this.#a, values[1], values[0], x!.value)
    return max(this.#a, values[0], values[1], y!.op === 'constant' ? y!.value : undefined)
  }

  /** A sum with a product that nothing else reads. */
  #fused(op: 'add' | 'sub', left: number, right: number): V128 | undefined {
    const product = (line: number): readonly number[] | undefined =>
      this.#program.code[line]!.op === 'mul' && this.#uses[line] === 1 && !this.#values.has(line) ? this.#program.code[line]!.args : undefined
    const [a, b] = [product(left), product(right)]
    if (b) {
      const rest = this.value(left)
      const [x, y] = b.map((arg) => this.value(arg)) as [V128, V128]
      return op === 'add' ? this.#a.multiplyAdd(x, y, rest) : this.#a.multiplySub(x, y, rest)
    }
    if (!a || op === 'sub') return undefined
    const [x, y] = a.map((arg) => this.value(arg)) as [V128, V128]
    return this.#a.multiplyAdd(x, y, this.value(right))
  }
}
